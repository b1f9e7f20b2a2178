/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is wrong with what an organiser wrote, field by field, by the names of the forms. Rules
 * alone: they say it, forms show it beside the field. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct campaign;
struct campaign_draft;
struct form_input;
struct mem;
struct session;

/* Beside a deadline after the last session's end: a msgid. */
extern const char closes_late_words[];
/* Beside a time zone. */
extern const char zone_unknown_words[];

struct complaint {
    const char *field;
    const char *sentence; /* a msgid; its {n} stands for `number` */
    int64_t number;
};

enum { COMPLAINTS_MAX = 32 }; /* more than there are fields */

struct complaints {
    int count;
    struct complaint items[COMPLAINTS_MAX];
};

/* Everything that keeps this from being a campaign: texts, dates, numbers, sessions. */
void campaign_complaints(const struct campaign_draft *draft, struct complaints *list);
/* The same of one session. */
void session_complaints(const struct session *session, struct complaints *list);

/* Whether a field of the form may change while the campaign is in its present state: everything
 * before it opens; what people said yes to not once they can; texts for ever. */
bool campaign_field_may_change(const struct campaign *campaign, const char *field);
/* Nothing of it may change any more but its texts. */
bool campaign_is_over(const struct campaign *campaign);
/* One of its fields is not as it was. */
bool campaign_differs(const struct campaign *before, const struct campaign *after);
/* What may not become of `before`, besides what cannot be at all: fields that stay as they are now,
 * a minimum that grows while people sign up, a deadline in the past. */
void campaign_change_complaints(const struct campaign *before, const struct campaign_draft *wanted,
                                int64_t now, struct complaints *list);
/* What may not become of a session that `taken` places are taken of. */
void session_change_complaints(const struct session *before, const struct session *wanted,
                               int64_t now, struct complaints *list);

/* What may not become of a session beside `all` those of its campaign: none is left until the
 * deadline; or nothing says any more where it is. */
void session_frame_complaints(const struct campaign *campaign, const struct session *all,
                              const struct session *wanted, struct complaints *list);

/* Beside `sure`, unless it is ticked or something else is wrong first: so many people would be
 * asked again. */
void complain_of_asking(struct mem *mem, int64_t people, bool sure, struct form_input *input);
/* Puts them beside their fields. */
void complaints_tell(struct mem *mem, const struct complaints *list, struct form_input *input);
