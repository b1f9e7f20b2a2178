/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Inside the feature: rules, the store, mails. */
#pragma once
#include "core/activity/activity.h"
#include "features/campaigns/campaigns.h"
#include "features/signups/signups.h"

enum {
    SIGN_UP_HOLD_SECONDS = 30 * 60,
    SIGN_UP_HOLD_SHORT_SECONDS = 10 * 60, /* when seats are scarce */
    SIGN_UP_PER_PERSON_MAX = 100,         /* rows of one e-mail in a campaign that are looked at */
    SIGN_UP_PARTY_MAX = 100,              /* the form's bound; a campaign's own is smaller */
    SIGN_UP_HOURS_MAX = 200,
    SIGN_UP_NAMES_MAX = 24, /* first names shown on a page */
    CODE_TRIES_MAX = 5,
    CODE_SECONDS = 3600,
    HANDLE_CHARS = 12,
    CODE_HANDLE_CHARS = 26,
    CODE_KEPT_SECONDS = 23 * 3600, /* after its hour: as long as a script's key may ask for it */
    REF_CHARS = 12,
};

extern const struct refusal sign_up_over;       /* 409: its campaign or session is over */
extern const struct refusal sign_up_overlaps;   /* 409 */
extern const struct refusal sign_up_already_in; /* 409, told to who holds the link alone */

/* Rules (signups.c): decisions alone. */

/* Takes a step that there is; any other is a bug. */
void sign_up_become(struct sign_up *sign_up, enum sign_up_state state);
const char *sign_up_state_name(enum sign_up_state state);
extern const char *const sign_up_state_names[];          /* NULL-ended */
enum sign_up_state sign_up_state_from(const char *name); /* of a name that is one */
bool sign_up_holds_seat(const struct sign_up *sign_up);
bool sign_up_has_ended(const struct sign_up *sign_up); /* expired, cancelled, released */
/* Nothing changes any more: its session has ended, or its campaign is settled for good. */
bool sign_up_is_over(const struct campaign *campaign, const struct session *session, int64_t now);
/* How long a pending sign-up keeps its seats, given the session after they were taken. */
int64_t sign_up_hold_seconds(const struct session *session);
bool sessions_overlap(const struct session *a, const struct session *b);
/* The session that was asked for, among those of the campaign; NULL with an error beside the field.
 */
const struct session *sign_up_choose(struct work *work, const struct session *sessions,
                                     const char *handle, struct form_input *input);
/* Party and hours against the campaign's own bounds: errors beside the fields. */
void sign_up_check_bounds(struct work *work, const struct campaign *campaign, int64_t party,
                          int64_t hours, struct form_input *input);
/* Minutes that each one gives: from the session, or the hours they wrote. */
int64_t sign_up_minutes(const struct campaign *campaign, const struct session *session,
                        int64_t hours);
const struct session *session_among(const struct session *sessions, struct session_id id);
/* One that is in, at the same time as `session` but in another one; NULL: none, or the campaign
 * allows it. */
const struct sign_up *sign_up_clash(const struct campaign *campaign, const struct session *sessions,
                                    const struct sign_up *own, const struct session *session);

/* The store. */

struct db_row;
struct mem;

/* What sign_ups_from_rows reads, in its order. */
#define SIGN_UP_COLUMNS                                                                            \
    "id, campaign_id, session_id, handle, generation, ref, brought_by, email, first_name, "        \
    "language, party, minutes_each, show_name, state, rank, created_at, confirmed_at, "            \
    "expires_at, asked, name_key, added_by, note, again, again_by, to_call, agreed_at, to_tell, "  \
    "sequence "
const struct sign_up *sign_ups_from_rows(struct mem *mem, const struct db_row *row);
const struct sign_up *sign_up_get_by_handle(struct work *work, const char *handle);
const struct sign_up *sign_up_get_by_ref(struct work *work, struct campaign_id campaign,
                                         const char *ref);
/* Those of one e-mail in this community, the newest first, at most `count`. */
const struct sign_up *sign_up_list_own(struct work *work, const char *email, int count);
void sign_up_insert(struct work *work, const struct sign_up *sign_up);
/* Writes everything that may change of a row, whose calendar entry is a newer one from now on. */
void sign_up_update(struct work *work, const struct sign_up *sign_up);
/* The number of the entry that is about to be mailed: more than any before. */
int64_t sign_up_next_sequence(struct work *work, struct sign_up_id id);
void sign_up_delete(struct work *work, struct sign_up_id id);
/* Pending ones whose time is over, at most JOB_PAGE_ROWS. */
const struct sign_up *sign_up_list_lapsed(struct work *work);
int64_t sign_up_next_lapse(struct work *work); /* 0: nothing is pending */
/* Confirmed ones with an id above `after`, confirmed not later than `until`, at most JOB_PAGE_ROWS.
 */
const struct sign_up *sign_up_list_confirmed(struct work *work, struct campaign_id campaign,
                                             int64_t after, int64_t until);
/* Those that hold a seat, with an id above `after`, at most JOB_PAGE_ROWS. */
const struct sign_up *sign_up_list_holding(struct work *work, struct campaign_id campaign,
                                           int64_t after);
/* Those who are in, with an id above `after`, at most JOB_PAGE_ROWS. */
const struct sign_up *sign_up_list_in(struct work *work, struct campaign_id campaign,
                                      int64_t after);
/* People who came by this one's link, and the first names of those among them who agreed (at most
 * SIGN_UP_NAMES_MAX): nothing else of them. */
int64_t sign_up_count_brought(struct work *work, struct sign_up_id id);
const struct sign_up *sign_up_list_brought(struct work *work, struct sign_up_id id);
/* The first names of the newest who are in and agreed to be named (at most SIGN_UP_NAMES_MAX). */
const struct sign_up *sign_up_list_named(struct work *work, struct campaign_id campaign);

/* Asked once more (signups_again.c, signups_again_store.c). */
#define AGAIN_EXTENDED "extended"
#define AGAIN_MOVED "moved"
/* Writes why and until when, or that it is the organiser who asks; "" and zeros: nothing is asked
 * any more. */
struct sign_up_asking_again {
    const char *again;
    int64_t by;
    int64_t remind_at;
    bool to_call;
};
void sign_up_set_again(struct work *work, struct sign_up_id id,
                       const struct sign_up_asking_again *asking);
/* They say yes to all of it as it stands now: nothing is asked any more, and what changed until now
 * is no news to them. What was written to everybody still is. */
void sign_up_agree(struct work *work, struct sign_up_id id);
/* The organiser has that to tell (TELL_… added up); 0: they know. */
void sign_up_set_to_tell(struct work *work, struct sign_up_id id, int64_t to_tell);
/* It does not take place, or is over: nobody is asked any more whether they come. What they have
 * to be told stays. */
void sign_ups_call_no_more(struct work *work, struct campaign_id campaign);
/* Those who are to be reminded now, or whose time to answer is over, at most JOB_PAGE_ROWS. */
const struct sign_up *sign_up_list_unanswered(struct work *work, struct campaign_id campaign);
/* When the next of them is; 0: nobody is waited for. */
int64_t sign_up_next_answer(struct work *work, struct campaign_id campaign);
/* People of those who have not answered yet. */
int64_t sign_up_count_unanswered(struct work *work, struct campaign_id campaign);
/* Those who were released, at most JOB_PAGE_ROWS. */
const struct sign_up *sign_up_list_released(struct work *work, struct campaign_id campaign);

/* Those whose address is not that of somebody forgotten, at most JOB_PAGE_ROWS. */
const struct sign_up *sign_up_list_with_name(struct work *work, struct campaign_id campaign);
/* Takes name and address out of a row, and revokes its token. */
void sign_up_anonymise(struct work *work, struct sign_up_id id, const char *email);

struct sign_up_code {
    int64_t id;
    const char *handle;
    struct sign_up_id sign_up_id;
    int64_t asked;
    const char *code_mac;
    int64_t tries;
    int64_t held_until;
    int64_t expires_at;
};
void sign_up_code_insert(struct work *work, const struct sign_up_code *code);
/* NULL: no such handle, or not of this campaign. */
const struct sign_up_code *sign_up_code_get(struct work *work, struct campaign_id campaign,
                                            const char *handle);
/* NULL: it is no longer kept. */
const struct sign_up_code *sign_up_code_get_by_id(struct work *work, int64_t id);
/* Counts one try of a code that may still be tried; NULL: it may not. */
const struct sign_up_code *sign_up_code_try(struct work *work, const char *handle);
void sign_up_codes_drop(struct work *work, struct sign_up_id id);
/* Drops those whose time is over, a page of them; true: there may be more. */
bool sign_up_codes_forget(struct work *work);

/* Tokens (signups_code.c): HANDLE_CHARS letters of the handle, then a keyed hash of handle and
 * generation. */
/* A new code for what this sign-up asks for now, and the six digits for the mail. */
const struct sign_up_code *sign_up_code_new(struct work *work, const struct sign_up *sign_up,
                                            int64_t held_until, const char **ret_digits);

/* The same by the six digits: what they agree to is what the form showed. Who is in stays so. */
const struct refusal *sign_up_confirm_as_asked(struct work *work, struct sign_up_id id);
/* Into confirmed, by the id of a sign-up or of a person: seats, where it has none, counts,
 * activity; whether they may is decided before. Refuses: session_full. */
const struct refusal *sign_up_come_in(struct work *work, const struct campaign *campaign,
                                      const struct sign_up *sign_up, int64_t actor_id);

/* The answer that an earlier sending of the same form got. False: its code is no longer kept. */
bool sign_up_answer_again(struct work *work, int64_t code_id, struct sign_up_answer *ret_answer);

/* Change and cancel, by who holds the token (signups_change.c). */
struct sign_up_change {
    int64_t party;
    const char *session; /* its handle; "" keeps it */
    int64_t hours;
    bool show_name;
};
const struct refusal *sign_up_change(struct work *work, struct sign_up_id id,
                                     const struct sign_up_change *change, struct form_input *input);
const struct refusal *sign_up_cancel(struct work *work, struct sign_up_id id);
/* The person's other sign-ups stand in the way: one of the same session, pending or in, or one
 * that is in at the same time. */
const struct refusal *sign_up_refuses_moving(struct work *work, const struct campaign *campaign,
                                             const struct session *sessions,
                                             const struct sign_up *sign_up,
                                             const struct session *to);
/* Makes of the row `has` what it is to be: seats (all or none), counts, activity. Refuses:
 * session_full. */
const struct refusal *sign_up_rewrite(struct work *work, const struct sign_up *has,
                                      const struct sign_up *wants, int64_t actor_id);

/* Mails (signups_mail.c), each written in the language of the person. */
#define SIGN_UP_TYPED "sign-up"
enum request_outcome { REQUEST_PENDING, REQUEST_ALREADY_IN, REQUEST_OVERLAPS };
struct sign_up_asked {
    const struct campaign *campaign;
    const struct session *session; /* of the sign-up that is written about */
    enum request_outcome outcome;
    const char *digits;
};
void sign_up_mail_confirm(struct work *work, const struct sign_up *sign_up,
                          const struct sign_up_asked *asked);
void sign_up_mail_confirmed(struct work *work, const struct sign_up *sign_up);
void sign_up_mail_reached(struct work *work, const struct campaign *campaign,
                          const struct sign_up *sign_up);
/* Once for each time it was open: see campaign_opened_again_at. */
void sign_up_mail_missed(struct work *work, const struct campaign *campaign,
                         const struct sign_up *sign_up, int64_t opening);
/* By an organiser of that name; who has no mailbox is told nothing. */
void sign_up_mail_added(struct work *work, const struct sign_up *sign_up, const char *organiser);
void sign_up_mail_changed(struct work *work, const struct sign_up *sign_up, const char *organiser);
void sign_up_mail_removed(struct work *work, const struct sign_up *sign_up, const char *organiser,
                          const char *words);

/* It is cancelled, with the organiser's word. */
void sign_up_mail_cancelled(struct work *work, const struct campaign *campaign,
                            const struct sign_up *sign_up, const char *reason);
/* Of Markdown, made once for all; "" for none. */
struct sign_up_thanks {
    const char *html;
    const char *text;
};
void sign_up_mail_thanks(struct work *work, const struct campaign *campaign,
                         const struct sign_up *sign_up, const struct sign_up_thanks *thanks);

/* The calendar entry of a sign-up; NULL: its session has no fixed time. */
struct sign_up_entry {
    const struct sign_up *sign_up;
    const struct campaign *campaign;
    const struct session *session;
    const struct lang *lang;
    bool is_off;  /* they are not expected: who has the entry takes it out */
    bool is_mail; /* it is about to be mailed, not fetched */
};
const char *sign_up_calendar(struct work *work, const struct sign_up_entry *entry);

/* A person's own data (signups_person.c), for the card. */
struct json_t;
/* What is given out of a sign-up, with what it is for. */
struct sign_up_kept {
    const struct sign_up_kept *next;
    struct sign_up_id id;
    const char *campaign, *title; /* the slug */
    const char *first_name, *email, *state, *note, *language;
    int64_t party, minutes_each;
    bool show_name;
    int64_t session_starts_at, created_at, confirmed_at;
};
/* All of one person, with an id above `after`, in pages. */
const struct sign_up_kept *sign_up_list_kept(struct work *work, const char *email,
                                             struct sign_up_id after);
void sign_up_export_person(struct work *work, const char *email, struct json_t *object);
void sign_up_forget_person(struct work *work, const char *email);
/* What stands for the address of who has none: a row of its own, and nobody's mailbox. */
const char *sign_up_no_address(struct work *work, const char *handle);
/* What does not add up: seats and people against the sums of rows (signups_check_store.c). */
const char *sign_up_check(struct work *work);

/* signups_recount.c, signups_recount_store.c: what each gives in a session is another length now */
void sign_up_heard_minutes(struct work *work, int64_t session_id);
/* Sign-ups of a session, by their ids. */
struct sign_up_span {
    struct session_id session;
    int64_t after;
    int64_t last;
};
/* The last id of the next page of JOB_PAGE_ROWS; 0: there is none. */
int64_t sign_up_page_end(struct work *work, struct session_id session, int64_t after);
/* How many minutes more there are in all, of those who count, when each gives so many. */
int64_t sign_up_minutes_missing(struct work *work, const struct sign_up_span *span,
                                int64_t minutes_each);
void sign_up_set_minutes(struct work *work, const struct sign_up_span *span, int64_t minutes_each);

/* Jobs (signups_jobs.c). */
#define JOB_LAPSE "signups.lapse"
#define JOB_REACHED "signups.reached"
#define JOB_RELEASE "signups.release"
#define JOB_EXTENDED "signups.extended"
#define JOB_MINUTES "signups.minutes"
struct job;
void sign_up_lapse_run(struct work *work, struct job *job);
void sign_up_reached_run(struct work *work, struct job *job);
void sign_up_release_run(struct work *work, struct job *job);
void sign_up_extended_run(struct work *work, struct job *job);
void sign_up_minutes_run(struct work *work, struct job *job);
/* It stays missed, and can be extended anew. */
void sign_up_extended_given_up(struct work *work, int64_t campaign_id);
/* The campaign, with its community entered: a job may serve several. NULL after a fault. */
const struct campaign *sign_up_enter_campaign(struct work *work, struct campaign_id id);
/* Of no one's mailbox. Source: RFC 2606, section 2 */
#define SIGN_UP_DECOY_HOST "decoy.invalid"
#define SIGN_UP_FORGOTTEN_HOST "forgotten.invalid"
#define SIGN_UP_NO_ADDRESS_HOST "no-address.invalid"
/* A decoy holds the seats that a form took for somebody who is in already, until it lapses: so the
 * public count of places moves alike for every e-mail. Nobody's, told to nobody. */
bool sign_up_is_decoy(const struct sign_up *sign_up);

/* Ends one: seats that it holds are given back, and it is no longer counted. Who is released with
 * the campaign stays in its count: so many had come together. */
void sign_up_end(struct work *work, const struct sign_up *sign_up, enum sign_up_state state);
/* The same, by somebody else: the id of a sign-up or of a person. */
void sign_up_end_by(struct work *work, const struct sign_up *sign_up, enum sign_up_state state,
                    int64_t actor_id);
void sign_up_note_activity(struct work *work, const struct sign_up *sign_up,
                           enum activity_verb verb, int64_t actor_id);
/* The first name, and with it the key by which it is found and sorted. */
void sign_up_set_name(struct work *work, struct sign_up *sign_up, const char *name);
