/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Settings from one table: each row is an option `--base-url`, a variable `ESSAIM_BASE_URL` and a
 * line `base-url = …` of essaim.conf (read from the present folder, or from the path in
 * ESSAIM_CONF). A wrong value stops the start with one sentence. */
#include "main/settings.h"

#include <ctype.h>
#include <ini.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "main/settings_local.h"
#include "sys/db.h"

enum { HELP_BYTES_MAX = 8192 };

enum setting_kind { SETTING_TEXT, SETTING_FLAG, SETTING_NUMBER };

struct setting {
    const char *name;
    enum setting_kind kind;
    size_t offset;
    const char *help;
};

static const struct setting settings[] = {
    {"data", SETTING_TEXT, offsetof(struct settings, config.data), "DIR: the data folder (./data)"},
    {"database", SETTING_TEXT, offsetof(struct settings, config.database),
     "URL of a PostgreSQL database, postgresql://… (a file in the data folder)"},
    {"listen", SETTING_TEXT, offsetof(struct settings, config.listen),
     "ADDR:PORT to serve on (127.0.0.1:8080)"},
    {"base-url", SETTING_TEXT, offsetof(struct settings, config.base_url),
     "URL that people use (http://ADDR:PORT)"},
    {"proxy", SETTING_TEXT, offsetof(struct settings, config.proxy),
     "ADDRESS of the proxy in front, whose X-Forwarded-For is believed (nobody's)"},
    {"cache-mb", SETTING_NUMBER, offsetof(struct settings, config.cache_mb),
     "N megabytes for visitors' pages that are kept (24); 0 makes every page anew"},
    {"mailbox", SETTING_FLAG, offsetof(struct settings, config.mailbox),
     "show outgoing mail at /mailbox instead of sending it; never behind a proxy"},
    {"smtp", SETTING_TEXT, offsetof(struct settings, smtp_url),
     "URL of the server that sends mails: smtps://HOST or smtp://HOST (STARTTLS)"},
    {"smtp-user", SETTING_TEXT, offsetof(struct settings, smtp_user),
     "NAME under which to sign in there"},
    {"smtp-password-file", SETTING_TEXT, offsetof(struct settings, smtp_password_file),
     "FILE whose first line is the password"},
    {"smtp-ca", SETTING_TEXT, offsetof(struct settings, smtp_ca),
     "FILE of certificates to trust there instead of the system's"},
    {"smtp-rate", SETTING_NUMBER, offsetof(struct settings, config.smtp_rate),
     "N mails in a minute at most (600)"},
    {"smtp-timeout", SETTING_NUMBER, offsetof(struct settings, smtp_timeout),
     "N seconds that one mail may take (60)"},
    {"mail-from", SETTING_TEXT, offsetof(struct settings, config.mail_from),
     "ADDRESS that mails come from (no-reply@ the base URL's host)"},
    {"bounce-address", SETTING_TEXT, offsetof(struct settings, config.bounce_address),
     "ADDRESS where mails come back to, each with +TOKEN: see essaim mail-in"},
    {"recipient", SETTING_TEXT, offsetof(struct settings, recipient),
     "ADDRESS the mail is for, with mail-in (as its headers say)"},
    {"to", SETTING_TEXT, offsetof(struct settings, to),
     "URL of the empty PostgreSQL database that move fills, postgresql://…"},
    {"no-sandbox", SETTING_FLAG, offsetof(struct settings, no_sandbox),
     "do not keep the serving process to the files and ports it needs"},
    {"community", SETTING_TEXT, offsetof(struct settings, community),
     "NAME in addresses of the community that admin is about (the first one)"},
    {"test-clock", SETTING_TEXT, offsetof(struct settings, config.test_clock),
     "FILE that holds the product's time (loopback only)"},
    {"lang", SETTING_TEXT, offsetof(struct settings, lang),
     "fr or en: language of the demonstration (fr)"},
    {"participants", SETTING_NUMBER, offsetof(struct settings, participants),
     "N people in the demonstration's largest campaign (5000)"},
};
enum { SETTINGS_COUNT = sizeof settings / sizeof *settings };

/* Where values come from, the strongest last. */
struct reading {
    struct mem *mem;
    struct settings *target;
    const char *error;
};

static void flag_set(struct reading *reading, const struct setting *setting, const char *value)
{
    static const char *const yes[] = {"1", "yes", "true", "on", NULL};
    static const char *const no[] = {"0", "no", "false", "off", NULL};
    bool *at = (bool *)((char *)reading->target + setting->offset);
    *at = str_index(value, yes) >= 0;
    if (!*at && str_index(value, no) < 0)
        reading->error =
            mem_printf(reading->mem, "%s wants yes or no, not \"%s\".", setting->name, value);
}

static void setting_set(struct reading *reading, const struct setting *setting, const char *value)
{
    void *at = (char *)reading->target + setting->offset;
    if (!*value) {
        reading->error = mem_printf(reading->mem, "%s wants a value.", setting->name);
        return;
    }
    switch (setting->kind) {
    case SETTING_TEXT:
        *(const char **)at = mem_strdup(reading->mem, value);
        return;
    case SETTING_FLAG:
        flag_set(reading, setting, value);
        return;
    case SETTING_NUMBER:
        if (!str_to_int(value, at))
            reading->error = mem_printf(reading->mem, "%s wants a whole number, not \"%s\".",
                                        setting->name, value);
        return;
    }
}

static const struct setting *setting_find(const char *name, size_t count)
{
    for (int i = 0; i < SETTINGS_COUNT; i++)
        if (strlen(settings[i].name) == count && memcmp(settings[i].name, name, count) == 0)
            return &settings[i];
    return NULL;
}

static int conf_line(void *context, const char *section, const char *name, const char *value)
{
    struct reading *reading = context;
    const struct setting *setting = setting_find(name, strlen(name));
    (void)section;
    if (setting)
        setting_set(reading, setting, value);
    else
        reading->error =
            mem_printf(reading->mem, "essaim.conf has a line \"%s\" that is not known.", name);
    return 1;
}

static void read_conf(struct reading *reading)
{
    const char *path = getenv("ESSAIM_CONF");
    int line = ini_parse(path ? path : "essaim.conf", conf_line, reading);
    if (line > 0)
        reading->error = mem_printf(reading->mem, "Line %d of essaim.conf cannot be read.", line);
    else if (line < 0 && path)
        reading->error = mem_printf(reading->mem, "%s cannot be read.", path);
}

static void read_environment(struct reading *reading)
{
    for (int i = 0; i < SETTINGS_COUNT; i++) {
        char *name = mem_printf(reading->mem, "ESSAIM_%s", settings[i].name);
        for (char *c = name; *c; c++)
            *c = *c == '-' ? '_' : (char)toupper((unsigned char)*c);
        const char *value = getenv(name);
        if (value && *value) /* empty is as good as not there */
            setting_set(reading, &settings[i], value);
    }
}

/* One option, "--name value" or "--name=value"; gives how many words it took. */
static int read_option(struct reading *reading, const char *word, const char *following)
{
    const char *name = word + 2;
    const char *equals = strchr(name, '=');
    const struct setting *setting =
        setting_find(name, equals ? (size_t)(equals - name) : strlen(name));
    if (!setting) {
        reading->error = mem_printf(reading->mem, "There is no option %s.", word);
        return 1;
    }
    if (equals || setting->kind == SETTING_FLAG) {
        setting_set(reading, setting, equals ? equals + 1 : "1");
        return 1;
    }
    if (!following) {
        reading->error = mem_printf(reading->mem, "%s wants a value.", word);
        return 1;
    }
    setting_set(reading, setting, following);
    return 2;
}

static void word_add(struct reading *reading, const char *word)
{
    struct settings *target = reading->target;
    if (target->words_count < SETTINGS_WORDS_MAX)
        target->words[target->words_count++] = word;
    else
        reading->error = mem_printf(reading->mem, "\"%s\" is one word too many.", word);
}

static void read_options(struct reading *reading, int argc, char *const argv[])
{
    for (int i = 0; i < argc && !reading->error;) {
        if (str_starts(argv[i], "--")) {
            i += read_option(reading, argv[i], i + 1 < argc ? argv[i + 1] : NULL);
        } else {
            word_add(reading, argv[i]);
            i++;
        }
    }
}

bool listen_parse(struct mem *mem, const char *listen, const char **ret_address, int *ret_port)
{
    const char *colon = strrchr(listen, ':');
    int64_t port;
    if (!colon || colon == listen || !str_to_int(colon + 1, &port) || port < 0 || port > 65535)
        return false;
    bool bracketed = *listen == '[' && colon[-1] == ']';
    const char *start = listen + bracketed;
    *ret_address = mem_strndup(mem, start, (size_t)(colon - start) - bracketed);
    *ret_port = (int)port;
    return true;
}

static bool is_loopback(const char *address)
{
    return str_starts(address, "127.") || str_equal(address, "::1");
}

/* The site is at the root of its host: cookies and links are. */
static bool is_base_url(const char *url)
{
    const char *host = strstr(url, "://");
    if (!str_starts(url, "http://") && !str_starts(url, "https://"))
        return false;
    host += strlen("://");
    return *host && *host != ':' && host[strcspn(host, "/?#@\\ \t\"<>")] == '\0';
}

/* What fits together; NULL, or one sentence. */
static const char *settings_refuse(struct mem *mem, const struct settings *s)
{
    const char *address;
    int port;
    if (!listen_parse(mem, s->config.listen, &address, &port))
        return mem_printf(mem, "listen wants ADDR:PORT, not \"%s\".", s->config.listen);
    if (s->config.database && !db_is_postgres(s->config.database))
        return "database wants the address of a PostgreSQL database, postgresql://…; without it, "
               "the database is a file in the data folder.";
    if (s->to && !db_is_postgres(s->to))
        return "to wants the address of a PostgreSQL database, postgresql://…";
    if (s->config.mailbox && !is_loopback(address))
        return "The mailbox is for this machine alone: it cannot be shown on an address that is "
               "not a loopback one.";
    if (s->config.test_clock && !is_loopback(address))
        return "The test clock is for this machine alone: it cannot be used on an address that is "
               "not a loopback one.";
    if (!is_base_url(s->config.base_url))
        return "base-url is http:// or https:// and a host, and perhaps a port, without a path.";
    if (s->config.cache_mb < 0 || s->config.cache_mb > CACHE_MB_MAX)
        return "cache-mb is a number from 0 to 4096.";
    if (!str_equal(s->lang, "fr") && !str_equal(s->lang, "en"))
        return "lang is fr or en.";
    if (s->participants < 1 || s->participants > 1000000)
        return "participants is a number from 1 to 1000000.";
    return NULL;
}

bool settings_read(struct mem *mem, int argc, char *const argv[], struct settings *ret_settings,
                   const char **ret_error)
{
    struct settings found = {
        .config = {.data = "data",
                   .listen = "127.0.0.1:8080",
                   .smtp_rate = 600,
                   .cache_mb = CACHE_MB},
        .lang = "fr",
        .participants = 5000,
        .smtp_timeout = 60,
    };
    struct reading reading = {.mem = mem, .target = &found};
    read_conf(&reading);
    read_environment(&reading);
    read_options(&reading, argc, argv);
    if (!found.config.base_url)
        found.config.base_url = mem_printf(mem, "http://%s", found.config.listen);
    *ret_error = reading.error ? reading.error : settings_refuse(mem, &found);
    if (!*ret_error)
        *ret_error = settings_mail(mem, &found);
    *ret_settings = found;
    return !*ret_error;
}

const char *settings_help(struct mem *mem)
{
    struct buf *out = buf_new(mem, HELP_BYTES_MAX);
    for (int i = 0; i < SETTINGS_COUNT; i++)
        buf_printf(out, "  --%-18s %s\n", settings[i].name, settings[i].help);
    return out->bytes;
}
