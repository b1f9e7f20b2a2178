/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The organisers' side of sign-ups: who is in, found and listed in keyed pages; adding, changing
 * and removing somebody by hand. What is asked and answered here is about people, for those who
 * lead their campaign alone. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "features/signups/signups_local.h"

/* Not a state of their own, but in its place in the address of the list. */
#define STATE_TO_CALL "to-call"

struct buf;
struct form;
struct html;
struct lang;
struct todo_list;

enum {
    PARTICIPANTS_PAGE = 50,
    PARTICIPANTS_FOUND_MAX = 50,  /* by a search: more letters find fewer */
    PARTICIPANTS_DAY_PAGE = 500,  /* of the list for the day: some twelve sheets of paper */
    PARTICIPANTS_CSV_PAGE = 500,  /* rows of a table that are made at once */
    PARTICIPANTS_COUNT_MAX = 100, /* counted no further, when people are something to do */
    ADDED_PER_DAY_MAX = 200,      /* by one organiser, of people who get a mail for it */
    PARTICIPANT_NOTE_BYTES_MAX = 1000,
    PARTICIPANT_REASON_BYTES_MAX = 1000,
    PARTICIPANT_TRACE_MAX = 20,
};

/* One line of a list. */
struct participant {
    const struct participant *next;
    struct sign_up_id id;
    const char *handle;
    const char *first_name; /* "" when forgotten */
    const char *email;      /* NULL: none */
    int64_t party;
    int64_t minutes_each; /* what each of them gives */
    struct session_id session_id;
    enum sign_up_state state;
    int64_t created_at;
    int64_t confirmed_at;          /* 0: never */
    const char *brought_by;        /* a first name; NULL: nobody */
    const char *brought_by_handle; /* NULL: nobody */
    bool bounced;                  /* mails to the address come back */
    const char *name_key;
    const char *note;
    bool to_call;      /* who leads the campaign is to ask them */
    const char *again; /* why they were asked once more: AGAIN_…; "" */
    int64_t to_tell;   /* or to tell them something: TELL_… */
};

/* Lists (signups_organise_store.c), the newest first, of rows with an id below `before`, at most
 * `count`. Decoys are nobody, and in none of them. */
struct participant_query {
    struct campaign_id campaign;
    struct session_id session; /* 0: all */
    bool to_call; /* those who are to be asked or told something; `state` is not read */
    bool has_state;
    enum sign_up_state state;
    int64_t before;
    int count;
};
const struct participant *participant_list(struct work *work,
                                           const struct participant_query *query);
/* Those with an id above `after`, the oldest first. */
const struct participant *participant_list_after(struct work *work, struct campaign_id campaign,
                                                 int64_t after, int count);
/* By the beginning of the first name (folded) or of the e-mail (normal form), in their order. */
const struct participant *participant_find_name(struct work *work, struct campaign_id campaign,
                                                const char *start, int count);
const struct participant *participant_find_email(struct work *work, struct campaign_id campaign,
                                                 const char *start, int count);
/* Active ones from whose address mails come back. */
const struct participant *participant_list_bounced(struct work *work, struct campaign_id campaign,
                                                   int count);
/* Of one session those who are in, in the order of names, behind `after` (its name_key and id;
 * zeros and "" for the first page). */
const struct participant *participant_list_for_the_day(struct work *work, struct session_id session,
                                                       const struct participant *after, int count);
const struct participant *participant_get(struct work *work, struct campaign_id campaign,
                                          const char *handle);
/* How many there are, counted up to PARTICIPANTS_COUNT_MAX. */
int64_t participant_count_to_call(struct work *work, struct campaign_id campaign);
/* Whose place was given back: asked again for that reason (AGAIN_…), or "": who never confirmed. */
int64_t participant_count_expired(struct work *work, struct campaign_id campaign,
                                  const char *again);
int64_t participant_count_bounced(struct work *work, struct campaign_id campaign);

/* What an organiser writes of somebody (signups_organise.c). */
struct participant_wish {
    const char *first_name;
    const char *email; /* "" for none; read when somebody is added */
    int64_t party;
    const char *session; /* a handle; "" when there is one or none to choose, or to keep it */
    int64_t hours;       /* where the campaign asks for them */
    const char *note;
};

/* They were asked whether they still come, and have not said so. */
bool participant_is_asked(const struct sign_up *sign_up);

/* NULL, or why nobody can be added or changed now: a campaign not open yet (409), or over. The
 * deadline does not matter: who leads it vouches for those who come late. */
const struct refusal *campaign_refuses_by_hand(const struct campaign *campaign);

/* Adds somebody who phoned or wrote on paper: confirmed at once, by the rules of places. A pending
 * or ended sign-up of the same address is taken up. Refuses: campaign_refuses_by_hand,
 * refusal_fields with errors in `input`, session_over, session_full, participant_is_in,
 * participant_overlaps. Effects: the row, counts, activity, and a mail where there is an address.
 */
const struct refusal *participant_add(struct work *work, const struct campaign *campaign,
                                      const struct participant_wish *wish, struct form_input *input,
                                      struct sign_up_id *ret_id);
/* Corrects name and note; changes date, party and hours of who holds a place, which is mailed to
 * them. Refuses as participant_add does, and sign_up_over. */
const struct refusal *participant_change(struct work *work, struct sign_up_id id,
                                         const struct participant_wish *wish,
                                         struct form_input *input);
/* Says "still comes" for somebody who was asked again, by mail or by the organiser: they stay, or
 * take a place again if one is left, which is mailed to them. Again: nothing. Refuses:
 * campaign_refuses_by_hand, session_over, session_full, participant_not_asked, participant_is_in,
 * participant_overlaps. */
const struct refusal *participant_confirm(struct work *work, struct sign_up_id id);
/* Says "they know now" of somebody without an address, who was to be told something. */
const struct refusal *participant_told(struct work *work, struct sign_up_id id);
/* Takes somebody out, with a word that is mailed to them; or says "does not come any more" for who
 * has no address. Refuses: sign_up_over, refusal_fields when there is somebody to read the word and
 * it is missing: not for one who never confirmed. */
const struct refusal *participant_remove(struct work *work, struct sign_up_id id,
                                         const char *reason, struct form_input *input);

extern const struct refusal participant_is_in;     /* 409 */
extern const struct refusal participant_overlaps;  /* 409 */
extern const struct refusal participant_not_asked; /* 409 */

/* Pages (signups_organise_pages.c, signups_organise_lists.c): handlers for the table of routes. */
extern const struct form participant_add_form;
extern const struct form participant_change_form;
extern const struct form participant_remove_form;
const struct refusal *people_show(struct request *rq);
const struct refusal *people_new_show(struct request *rq);
const struct refusal *people_add_handle(struct request *rq);
const struct refusal *participant_show(struct request *rq);
const struct refusal *participant_change_handle(struct request *rq);
const struct refusal *participant_remove_handle(struct request *rq);
const struct refusal *participant_confirm_handle(struct request *rq);
const struct refusal *participant_told_handle(struct request *rq);
const struct refusal *participant_again_handle(struct request *rq);
const struct refusal *people_day_show(struct request *rq);
const struct refusal *people_csv_handle(struct request *rq);
const struct refusal *people_csv_again_handle(struct request *rq);
void people_panel(struct request *rq, struct html *h, int64_t campaign_id);
void people_todos(struct request *rq, int64_t campaign_id, struct todo_list *list);
