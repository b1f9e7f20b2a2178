/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the mails' templates show. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "core/outbox/outbox.h"
#include "sys/html.h"
#include "web/view.h"

struct change_line {
    const struct change_line *next;
    const char *label;
    const char *before;
    const char *now;
};

struct sign_up_mail {
    const char *first_name;
    const char *campaign;
    const char *headline;
    const char *to_go;
    const char *when;  /* NULL: any time */
    const char *where; /* NULL: not said */
    int64_t party;
    const char *held_until;
    const char *digits;
    const char *own_url;
    const char *share_url;
    const char *result_url;
    const char *asked_by;          /* as the campaign's page says; "" for nobody */
    const char *organiser;         /* who thanks, or did it */
    bool may_answer;               /* somebody reads what they reply */
    const struct view_text *words; /* of the organiser, line by line */
    struct safe_html words_html;   /* the same, where they are Markdown */
    const struct change_line *changes;
    const char *until; /* an answer is waited for; NULL: none is */
};

/* What becomes of the entry in their calendar. */
enum news_calendar {
    NEWS_WITHOUT_ENTRY,
    NEWS_ENTRY,      /* attached, as it is now */
    NEWS_ENTRY_GONE, /* they are not expected: it is taken out */
};

struct campaign;
struct html;
struct sign_up;
struct work;
typedef void sign_up_mail_part(struct html *h, const struct sign_up_mail *mail);

/* What many hear of the campaign: one mail for each person, however many dates they are in. */
struct sign_up_news {
    const char *reason;
    enum outbox_kind kind;
    const char *subject; /* a msgid */
    sign_up_mail_part *html;
    sign_up_mail_part *text;
    const char *words;      /* the organiser's own, shown line by line; NULL: none */
    const char *words_html; /* the same from Markdown; NULL: they are lines */
    int64_t until;          /* the campaign's deadline; 0: it is not said */
    int64_t answer_by;      /* about the session, said in its place; 0: no answer is waited for */
    int64_t round;          /* told once for each of them; 0: once for ever */
    const char *key;        /* told once for each, instead; NULL: as above */
    const struct change_line *changes;
    enum news_calendar calendar;
    bool was_in; /* they are not in any more, or are asked again: their mail's foot says so */
};
void sign_up_tell(struct work *work, const struct campaign *campaign, const struct sign_up *sign_up,
                  const struct sign_up_news *news);
