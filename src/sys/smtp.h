/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Hands mails to a server (RFC 5321), one after the other over one connection, and says how each
 * ended, in the server's own words. When to try again, and what an end means for an address, is
 * decided elsewhere. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/limits.h"

struct mem;
struct smtp;

enum smtp_tls {
    SMTP_PLAIN,    /* no TLS, whatever the server offers */
    SMTP_STARTTLS, /* wanted, and verified */
    SMTP_TLS,      /* from the first byte, and verified */
};

/* The server that takes all mails, from `--smtp` and what belongs to it. */
struct smtp_server {
    const char *host;
    int port;
    enum smtp_tls tls;
    const char *user;          /* NULL: it is not asked to sign in */
    const char *password;      /* NULL: none, or in the file */
    const char *password_file; /* its first line; NULL: none */
    const char *ca_file;       /* certificates to trust instead of the system's; NULL: those */
    int64_t timeout_seconds;   /* of one mail, connecting included */
};

/* Reads `url`: smtps://host (port 465), smtp://host (587, STARTTLS is wanted; on a loopback host 25
 * and plain), smtp+starttls://host and smtp+plain://host, which say it themselves; each perhaps
 * with user:password@, percent-encoded, and :port. False: `ret_error` is one sentence, which does
 * not quote the URL. */
bool smtp_server_read(struct mem *mem, const char *url, struct smtp_server *ret_server,
                      const char **ret_error);
/* The server is on this machine: what is said to it passes no network. */
bool smtp_server_is_loopback(const struct smtp_server *server);

enum smtp_end {
    SMTP_ACCEPTED,
    SMTP_REFUSED_FOR_NOW, /* 4xx, about this mail or its recipient */
    SMTP_REFUSED,         /* 5xx, about this mail or its recipient */
    SMTP_NO_ANSWER,       /* the line broke, or time was over, before the mail was handed over */
    SMTP_UNSURE,          /* it was handed over whole, and then no answer came: nobody knows */
    SMTP_SENDER_REFUSED, /* 4xx, 5xx or silence once the sender was named: about this mail, or about
                            all of ours */
    SMTP_AWAY, /* nothing about this mail: the server is not there, is not trusted, does not know
                  us, takes nothing from us at the moment */
};

struct smtp_mail {
    const char *sender; /* of the envelope */
    const char *recipient;
    const char *message;
};

struct smtp_answer {
    enum smtp_end end;
    int code;                         /* of the server's last reply; 0: there was none */
    bool is_about_recipient;          /* the refusal came when the recipient was named */
    char words[SMTP_WORDS_BYTES_MAX]; /* the server's, else why there are none: valid UTF-8, one
                                         line. They may name people: never for the log */
};

/* A way to send, so that tests need no server. */
struct mailer {
    void (*send)(struct mailer *mailer, const struct smtp_mail *mail,
                 struct smtp_answer *ret_answer);
};

/* For one thread. Reads the password's file; NULL after one log line. `host_name` is what we call
 * ourselves. The connection is opened with the first mail. */
struct smtp *smtp_new(struct mem *mem, const struct smtp_server *server, const char *host_name);
struct mailer *smtp_mailer(struct smtp *smtp);
/* From another thread: a mail that is under way is broken off within a second, but for one that is
 * handed over whole: that has SMTP_STOP_SECONDS_MAX to be answered. */
void smtp_stop(struct smtp *smtp);
void smtp_free(struct smtp *smtp);
