/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* SMTP by libcurl. The library says that a mail failed, but not what the failure means: that
 * depends on how far the conversation had come. So it is followed here, line by line, and an end is
 * told from the last thing that we said and what the server answered to it. Nothing of the
 * conversation is logged: it has people's addresses, and the password. */
#include "sys/smtp.h"

#include <assert.h>
#include <ctype.h>
#include <curl/curl.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "sys/clock.h"

enum {
    CONNECT_SECONDS_MAX = 15,
    IDLE_SECONDS_MAX = 30, /* an older connection is not used again: the server may have left */
    PASSWORD_BYTES_MAX = 512,
    COMMAND_BYTES_MAX = 16,
};

/* How far the conversation about one mail has come: what we said last. */
enum stage { STAGE_GREETING, STAGE_SENDER, STAGE_RECIPIENT, STAGE_DATA, STAGE_HANDED_OVER };

struct smtp {
    struct mailer mailer; /* first: what sends knows this part alone */
    const struct smtp_server *server;
    CURL *curl;
    struct curl_slist *recipients;
    char why[CURL_ERROR_SIZE];
    atomic_bool is_stopping;
    atomic_llong stop_ends_ms;
    /* Of the mail that is under way: */
    enum stage stage;
    const char *rest; /* of the message */
    size_t rest_count;
    int code;                         /* of the reply to what we said last; 0: none yet */
    bool is_in_reply;                 /* more lines of it follow */
    bool has_quit;                    /* what comes now is about nothing any more */
    char words[SMTP_WORDS_BYTES_MAX]; /* that reply */
};

static void library_start(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

static void say(struct smtp *smtp, enum stage stage)
{
    smtp->stage = stage;
    smtp->code = 0;
    smtp->is_in_reply = false;
    smtp->words[0] = '\0';
}

static size_t take_message(char *to, size_t size, size_t count, void *context)
{
    struct smtp *smtp = context;
    size_t room = size * count;
    size_t taken = smtp->rest_count < room ? smtp->rest_count : room;
    memcpy(to, smtp->rest, taken);
    smtp->rest += taken;
    smtp->rest_count -= taken;
    if (smtp->rest_count == 0 && smtp->stage != STAGE_HANDED_OVER)
        say(smtp, STAGE_HANDED_OVER); /* the dot that ends it follows by itself */
    return taken;
}

/* A command of ours: which part of the conversation begins? */
static void follow_command(struct smtp *smtp, const char *line, size_t count)
{
    char command[COMMAND_BYTES_MAX];
    snprintf(command, sizeof command, "%.*s",
             (int)(count < sizeof command ? count : sizeof command), line);
    if (str_starts(command, "MAIL FROM:"))
        say(smtp, STAGE_SENDER);
    else if (str_starts(command, "RCPT TO:"))
        say(smtp, STAGE_RECIPIENT);
    else if (str_starts(command, "DATA"))
        say(smtp, STAGE_DATA);
    else if (str_starts(command, "QUIT"))
        smtp->has_quit = true;
}

/* A line of the server's: "550-5.1.1 There is no", "550 5.1.1 such mailbox". The words of one reply
 * are joined; the code is said once. */
static void follow_reply(struct smtp *smtp, const char *line, size_t count)
{
    while (count && isspace((unsigned char)line[count - 1]))
        count--;
    if (smtp->has_quit || count < 3 || !isdigit((unsigned char)line[0]) ||
        !isdigit((unsigned char)line[1]) || !isdigit((unsigned char)line[2]))
        return;
    smtp->code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
    if (!smtp->is_in_reply)
        snprintf(smtp->words, sizeof smtp->words, "%d", smtp->code);
    smtp->is_in_reply = count > 3 && line[3] == '-';
    size_t length = strlen(smtp->words);
    if (count > 4)
        snprintf(smtp->words + length, sizeof smtp->words - length, " %.*s", (int)count - 4,
                 line + 4);
}

static int follow(CURL *curl, curl_infotype type, char *bytes, size_t count, void *context)
{
    (void)curl;
    struct smtp *smtp = context;
    if (type == CURLINFO_HEADER_OUT)
        follow_command(smtp, bytes, count);
    else if (type == CURLINFO_HEADER_IN)
        follow_reply(smtp, bytes, count);
    return 0;
}

/* Called at least once a second, whatever the server does. Not 0: break off. */
static int look_whether_to_stop(void *context, curl_off_t down_all, curl_off_t down,
                                curl_off_t up_all, curl_off_t up)
{
    (void)down_all, (void)down, (void)up_all, (void)up;
    struct smtp *smtp = context;
    if (!atomic_load(&smtp->is_stopping))
        return 0;
    return smtp->stage != STAGE_HANDED_OVER || clock_monotonic_ms() >= smtp->stop_ends_ms;
}

static enum smtp_end end_of_code(int code, enum smtp_end none)
{
    if (code >= 500)
        return SMTP_REFUSED;
    return code >= 400 ? SMTP_REFUSED_FOR_NOW : none;
}

/* What a failure means. A refusal of the sender says nothing about whom the mail is for; a mail
 * that is too large is told there. */
static enum smtp_end end_of(const struct smtp *smtp)
{
    if (atomic_load(&smtp->is_stopping) && smtp->stage != STAGE_HANDED_OVER)
        return SMTP_AWAY; /* it was we who left */
    switch (smtp->stage) {
    case STAGE_GREETING:
        return SMTP_AWAY;
    case STAGE_SENDER:
        return smtp->code == 552 ? SMTP_REFUSED : SMTP_SENDER_REFUSED;
    case STAGE_RECIPIENT:
    case STAGE_DATA:
        return end_of_code(smtp->code, SMTP_NO_ANSWER);
    case STAGE_HANDED_OVER:
        return end_of_code(smtp->code, SMTP_UNSURE);
    }
    return SMTP_AWAY;
}

static void answer_fill(const struct smtp *smtp, CURLcode result, struct smtp_answer *ret_answer)
{
    *ret_answer = (struct smtp_answer){
        .end = result == CURLE_OK ? SMTP_ACCEPTED : end_of(smtp),
        .code = smtp->code,
        .is_about_recipient = smtp->stage == STAGE_RECIPIENT,
    };
    /* "354 go ahead" does not say why a line broke. */
    bool is_told = result == CURLE_OK || smtp->code >= 400;
    const char *why = *smtp->why ? smtp->why : curl_easy_strerror(result);
    str_line(ret_answer->words, sizeof ret_answer->words,
             is_told && *smtp->words ? smtp->words : why);
}

static CURLcode perform(struct smtp *smtp, const struct smtp_mail *mail)
{
    say(smtp, STAGE_GREETING);
    smtp->has_quit = false;
    smtp->rest = mail->message;
    smtp->rest_count = strlen(mail->message);
    smtp->why[0] = '\0';
    return curl_easy_perform(smtp->curl);
}

/* A kept connection that the server left, or has had enough of, says so at the first command. */
static bool was_left(const struct smtp *smtp, CURLcode result)
{
    long opened = 0;
    curl_easy_getinfo(smtp->curl, CURLINFO_NUM_CONNECTS, &opened);
    bool at_start = smtp->stage == STAGE_GREETING || smtp->stage == STAGE_SENDER;
    bool is_worn = result != CURLE_OK && result != CURLE_ABORTED_BY_CALLBACK &&
                   result != CURLE_OPERATION_TIMEDOUT;
    return is_worn && opened == 0 && at_start;
}

static void send_mail(struct mailer *mailer, const struct smtp_mail *mail,
                      struct smtp_answer *ret_answer)
{
    struct smtp *smtp = (struct smtp *)mailer;
    smtp->recipients = curl_slist_append(NULL, mail->recipient);
    curl_easy_setopt(smtp->curl, CURLOPT_MAIL_FROM, mail->sender);
    curl_easy_setopt(smtp->curl, CURLOPT_MAIL_RCPT, smtp->recipients);
    curl_easy_setopt(smtp->curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)strlen(mail->message));
    CURLcode result = perform(smtp, mail);
    if (was_left(smtp, result))
        result = perform(smtp, mail);
    answer_fill(smtp, result, ret_answer);
    curl_easy_setopt(smtp->curl, CURLOPT_MAIL_RCPT, NULL);
    curl_slist_free_all(smtp->recipients);
    smtp->recipients = NULL;
}

/* The first line of the file, on `mem`. NULL after one log line. */
static const char *password_read(struct mem *mem, const char *path)
{
    char line[PASSWORD_BYTES_MAX] = "";
    FILE *file = fopen(path, "re");
    bool is_read = file && fgets(line, sizeof line, file);
    const char *why = file ? "it is empty" : strerrordesc_np(errno);
    if (file)
        fclose(file);
    line[strcspn(line, "\r\n")] = '\0';
    if (is_read && *line)
        return mem_strdup(mem, line);
    log_event(LOG_ERROR, "smtp_password_unreadable", log_text("path", path), log_text("why", why));
    return NULL;
}

static void configure_server(struct smtp *smtp, struct mem *mem, const char *host_name)
{
    const struct smtp_server *server = smtp->server;
    bool is_number = strchr(server->host, ':') != NULL;
    const char *url = mem_printf(mem, "%s://%s%s%s:%d/%s",
                                 server->tls == SMTP_TLS ? "smtps" : "smtp", is_number ? "[" : "",
                                 server->host, is_number ? "]" : "", server->port, host_name);
    curl_easy_setopt(smtp->curl, CURLOPT_URL, url);
    curl_easy_setopt(smtp->curl, CURLOPT_USE_SSL,
                     (long)(server->tls == SMTP_PLAIN ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    curl_easy_setopt(smtp->curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (server->ca_file)
        curl_easy_setopt(smtp->curl, CURLOPT_CAINFO, server->ca_file);
    curl_easy_setopt(smtp->curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS_MAX);
    curl_easy_setopt(smtp->curl, CURLOPT_TIMEOUT, (long)server->timeout_seconds);
    curl_easy_setopt(smtp->curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)server->timeout_seconds);
    curl_easy_setopt(smtp->curl, CURLOPT_MAXAGE_CONN, (long)IDLE_SECONDS_MAX);
    curl_easy_setopt(smtp->curl, CURLOPT_PROXY, ""); /* whatever the environment says */
    curl_easy_setopt(smtp->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(smtp->curl, CURLOPT_QUICK_EXIT, 1L); /* do not wait for the name server */
}

static void configure_callbacks(struct smtp *smtp)
{
    curl_easy_setopt(smtp->curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(smtp->curl, CURLOPT_READFUNCTION, take_message);
    curl_easy_setopt(smtp->curl, CURLOPT_READDATA, smtp);
    curl_easy_setopt(smtp->curl, CURLOPT_VERBOSE, 1L); /* for `follow`; it prints nothing */
    curl_easy_setopt(smtp->curl, CURLOPT_DEBUGFUNCTION, follow);
    curl_easy_setopt(smtp->curl, CURLOPT_DEBUGDATA, smtp);
    curl_easy_setopt(smtp->curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(smtp->curl, CURLOPT_XFERINFOFUNCTION, look_whether_to_stop);
    curl_easy_setopt(smtp->curl, CURLOPT_XFERINFODATA, smtp);
    curl_easy_setopt(smtp->curl, CURLOPT_ERRORBUFFER, smtp->why);
}

struct smtp *smtp_new(struct mem *mem, const struct smtp_server *server, const char *host_name)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, library_start);
    const char *password = server->password;
    if (server->password_file && !(password = password_read(mem, server->password_file)))
        return NULL;
    struct smtp *smtp = MEM_NEW(mem, struct smtp);
    smtp->mailer.send = send_mail;
    smtp->server = server;
    smtp->curl = curl_easy_init();
    assert(smtp->curl);
    configure_server(smtp, mem, host_name);
    configure_callbacks(smtp);
    if (server->user) {
        curl_easy_setopt(smtp->curl, CURLOPT_USERNAME, server->user);
        curl_easy_setopt(smtp->curl, CURLOPT_PASSWORD, password ? password : "");
    }
    return smtp;
}

struct mailer *smtp_mailer(struct smtp *smtp)
{
    return &smtp->mailer;
}

void smtp_stop(struct smtp *smtp)
{
    atomic_store(&smtp->stop_ends_ms, clock_monotonic_ms() + SMTP_STOP_SECONDS_MAX * 1000);
    atomic_store(&smtp->is_stopping, true);
}

/* The library says goodbye and waits for the answer, two minutes if it must: nothing comes any more
 * on this side, so that it says goodbye and goes. */
void smtp_free(struct smtp *smtp)
{
    curl_socket_t socket = CURL_SOCKET_BAD;
    if (curl_easy_getinfo(smtp->curl, CURLINFO_ACTIVESOCKET, &socket) == CURLE_OK &&
        socket != CURL_SOCKET_BAD)
        shutdown(socket, SHUT_RD);
    curl_easy_cleanup(smtp->curl);
}
