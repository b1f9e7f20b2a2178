/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Between the parts of this folder. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"
#include "base/time.h"
#include "web/form.h"

struct campaign;
struct lang;
struct refusal;
struct work;

enum {
    FLAG_WORDS_BYTES_MAX = 2000,
    FLAGS_LIST_MAX = 100,                  /* shown at once, the oldest first */
    FLAGS_OPEN_MAX = 20,                   /* of one campaign: beyond, the next says nothing new */
    FLAG_KEPT_SECONDS = 365 * DAY_SECONDS, /* after it was settled */
};

extern const struct field_option flag_reasons[];

struct flag {
    const struct flag *next;
    int64_t id;
    struct campaign_id campaign_id;
    const char *reason;
    const char *words;
    const char *email;
    int64_t created_at;
};

/* As somebody wrote it. */
struct flag_wish {
    const char *reason;
    const char *words;
    const char *email;
};

/* Rules (flags.c). */

/* Nobody decides about the page of a campaign that they lead, as long as there is another
 * facilitator. */
bool flag_may_decide(struct work *work, struct campaign_id campaign);

/* Notes it, and mails the facilitators about the first one of a campaign that waits. A machine that
 * filled the hidden field, and one too many, are thanked and forgotten. */
void flag_add(struct work *work, const struct campaign *campaign, const struct flag_wish *wish);
/* They were looked at: all that wait about this campaign. */
void flags_settle(struct work *work, const struct campaign *campaign);
/* Its page goes away, or comes back; its organisers hear of it. Settles what waits. */
void flagged_hide(struct work *work, const struct campaign *campaign, bool hidden,
                  const char *word);

/* The store. */

void flag_insert(struct work *work, const struct flag *flag);
int64_t flags_count_open(struct work *work, struct campaign_id campaign);
/* Of the community, the oldest first, at most FLAGS_LIST_MAX. */
const struct flag *flags_open(struct work *work);
const struct flag *flag_list_by_email(struct work *work, const char *email);
void flags_mark_settled(struct work *work, struct campaign_id campaign);
int flags_forget(struct work *work, int64_t settled_until);
void flags_forget_email(struct work *work, const char *email);

/* Views. */

struct flag_page {
    const char *campaign;
    const char *language;
    const char *path; /* of its page */
    const char *action;
    const struct form_summary *errors;
    const struct input_view *reason;
    const struct input_view *words;
    const struct input_view *email;
};
struct flag_view {
    const struct flag_view *next;
    const char *reason;
    const char *words;
    const char *email;
    const char *date;
};
/* A campaign of which something is said, or that is hidden. */
struct flagged_view {
    const struct flagged_view *next;
    const char *title;
    const char *language;
    const char *path;
    const char *keep_path;
    const char *hide_path;
    const char *show_path;
    const struct flag_view *flags;
    bool is_hidden;
};
struct hide_page {
    const char *campaign;
    const char *language;
    const char *path;
    const char *action;
    const struct form_summary *errors;
    const struct input_view *word;
};
struct flags_page {
    const struct flagged_view *campaigns;
    const struct flagged_view *hidden;
    int64_t count;
    bool administrates; /* others have no page of administration */
};
struct flag_mail {
    const char *campaign;
    const char *reason;
    const char *words;
    const char *url;
};
