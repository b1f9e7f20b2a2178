/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Sign-ups and accounts: what somebody did as a guest is theirs once they sign in with the same
 * address. Nothing is copied or linked: the address joins them, and the links of old mails keep
 * working. A pending one is not shown: whoever typed the address may have been somebody else. */
#include "base/mem.h"
#include "base/str.h"
#include "core/people/people.h"
#include "features/signups/signups.html.h"
#include "features/signups/signups_local.h"
#include "features/signups/signups_pages_local.h"
#include "features/signups/signups_views.h"
#include "sys/lang.h"
#include "web/request.h"

enum { ACCOUNT_SIGN_UPS_MAX = 50 };

static const char *state_words(const struct lang *lang, const struct sign_up *sign_up)
{
    switch (sign_up->state) {
    case SIGN_UP_PENDING:
        return lang_text(lang, N_("To be confirmed"));
    case SIGN_UP_CONFIRMED:
        return lang_text(lang, N_("Confirmed"));
    case SIGN_UP_EXPIRED:
        return str_equal(sign_up->again, AGAIN_EXTENDED)
                   ? lang_text(lang, N_("It goes on: are you still in?"))
                   : lang_text(lang, N_("Place given back"));
    case SIGN_UP_WAITING:
        return lang_text(lang, N_("On the waiting list"));
    case SIGN_UP_OFFERED:
        return lang_text(lang, N_("A place is offered to you"));
    case SIGN_UP_CANCELLED:
        return lang_text(lang, N_("Cancelled"));
    case SIGN_UP_RELEASED:
        return lang_text(lang, N_("It did not take place"));
    case SIGN_UP_ATTENDED:
        return lang_text(lang, N_("You were there"));
    case SIGN_UP_ABSENT:
        return lang_text(lang, N_("You were not there"));
    }
    return "";
}

void sign_up_account_panel(struct request *rq, struct html *h, int64_t person_id)
{
    struct work *work = &rq->work;
    const struct person *person = person_get(work, (struct person_id){person_id});
    const struct account_sign_up *first = NULL;
    const struct account_sign_up **end = &first;
    const struct sign_up *sign_up =
        person ? sign_up_list_own(work, person->email, ACCOUNT_SIGN_UPS_MAX) : NULL;
    for (; sign_up; sign_up = sign_up->next) {
        const struct campaign *campaign = campaign_get(work, sign_up->campaign_id);
        const struct session *session = session_get(work, sign_up->session_id);
        if (!campaign || !session)
            continue;
        struct account_sign_up *view = MEM_NEW(work->mem, struct account_sign_up);
        view->title = campaign->title;
        view->language = campaign->language;
        view->when = session_when(work, rq->lang, session);
        view->state = state_words(rq->lang, sign_up);
        view->path = sign_up_path(work, sign_up);
        *end = view;
        end = &view->next;
    }
    account_sign_ups(h, first);
}

/* An account begins with the name under which its owner signed up last. */
void sign_up_heard_person(struct work *work, int64_t person_id)
{
    struct person_id id = {person_id};
    const struct person *person = person_get(work, id);
    const struct sign_up *last =
        person && str_is_empty(person->name) ? sign_up_list_own(work, person->email, 1) : NULL;
    if (last)
        person_rename(work, id, last->first_name);
}
