/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Settings: options, environment, essaim.conf, in this order of weight; sensible ones where nothing
 * is said. */
#pragma once
#include <stdbool.h>

#include "web/app.h"

struct mem;

enum { SETTINGS_WORDS_MAX = 2 };

/* What a command may be told, beside the settings of the app. */
struct settings {
    struct config config;
    const char *words[SETTINGS_WORDS_MAX]; /* that are no options: an act and whom, a file */
    int words_count;
    const char *lang;      /* demo: "fr", "en" */
    int64_t participants;  /* demo */
    const char *community; /* admin: the slug; NULL: the first one */
    const char *to;        /* move: the PostgreSQL database */
    const char *recipient; /* mail-in: whom the mail is for; NULL: as its headers say */
    /* What config.smtp is made of. */
    const char *smtp_url, *smtp_user, *smtp_password_file, *smtp_ca;
    int64_t smtp_timeout;
    bool no_sandbox; /* serve: reach whatever the user may */
};

/* Reads them for the command line after the command's name. False: `ret_error` is one sentence (a
 * wrong value, an unknown option, more than SETTINGS_WORDS_MAX words that are none). */
bool settings_read(struct mem *mem, int argc, char *const argv[], struct settings *ret_settings,
                   const char **ret_error);
/* One line for each setting, for `help`. */
const char *settings_help(struct mem *mem);
/* "127.0.0.1:8080" or "[::1]:8080" into its parts. */
bool listen_parse(struct mem *mem, const char *listen, const char **ret_address, int *ret_port);
