/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A person's own data in sign-ups: given out, and taken away so that counts stay and names go. */
#include <jansson.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/time.h"
#include "features/signups/signups_local.h"
#include "web/feature.h"
#include "web/work.h"

static void time_add(struct work *work, json_t *object, const char *name, int64_t at)
{
    json_object_set_new(object, name, at ? json_string(time_rfc3339(work->mem, at)) : json_null());
}

static json_t *sign_up_json(struct work *work, const struct sign_up_kept *kept)
{
    json_t *object = json_pack(
        "{s:s, s:s, s:s, s:s, s:I, s:I, s:s, s:b, s:s, s:s}", "campaign", kept->campaign, "title",
        kept->title, "first_name", kept->first_name, "email", kept->email, "party",
        (json_int_t)kept->party, "minutes_each", (json_int_t)kept->minutes_each, "state",
        kept->state, "show_name", kept->show_name, "note", kept->note, "language", kept->language);
    time_add(work, object, "session_starts_at", kept->session_starts_at);
    time_add(work, object, "created_at", kept->created_at);
    time_add(work, object, "confirmed_at", kept->confirmed_at);
    return object;
}

void sign_up_export_person(struct work *work, const char *email, json_t *object)
{
    json_t *list = json_array();
    const struct sign_up_kept *page = NULL;
    while ((page = sign_up_list_kept(work, email, page ? page->id : (struct sign_up_id){0})))
        for (;; page = page->next) {
            json_array_append_new(list, sign_up_json(work, page));
            if (!page->next)
                break;
        }
    json_object_set_new(object, "sign_ups", list);
}

static bool is_of_host(const struct sign_up *sign_up, const char *host)
{
    const char *at = strchr(sign_up->email, '@');
    return at && str_equal(at + 1, host);
}

static bool sign_up_is_forgotten(const struct sign_up *sign_up)
{
    return is_of_host(sign_up, SIGN_UP_FORGOTTEN_HOST);
}

const char *sign_up_called(struct work *work, const char *handle)
{
    const struct sign_up *sign_up = sign_up_get_by_handle(work, handle);
    return sign_up ? sign_up->first_name : "";
}

const char *sign_up_no_address(struct work *work, const char *handle)
{
    return mem_printf(work->mem, "%s@" SIGN_UP_NO_ADDRESS_HOST, handle);
}

bool sign_up_has_mailbox(const struct sign_up *sign_up)
{
    return !sign_up_is_forgotten(sign_up) && !sign_up_is_decoy(sign_up) &&
           !is_of_host(sign_up, SIGN_UP_NO_ADDRESS_HOST);
}

bool sign_up_has_no_address(const struct sign_up *sign_up)
{
    return is_of_host(sign_up, SIGN_UP_NO_ADDRESS_HOST);
}

/* The row stays, since it is counted; its name goes, and its address becomes one that is nobody's.
 * A new generation ends the links in mails. */
void sign_up_forget(struct work *work, const struct sign_up *sign_up)
{
    sign_up_anonymise(work, sign_up->id,
                      mem_printf(work->mem, "%s@" SIGN_UP_FORGOTTEN_HOST, sign_up->handle));
    sign_up_codes_drop(work, sign_up->id);
    work_touches(work, OBJECT_CAMPAIGN, sign_up->campaign_id.n);
}

bool sign_ups_forget_person(struct work *work, const char *email)
{
    int count = 0;
    const struct sign_up *page = sign_up_list_by_person(work, email, (struct sign_up_id){0});
    for (; page; page = page->next, count++) {
        sign_up_forget(work, page);
        feature_announce(work, ANNOUNCE_SIGN_UP_FORGOTTEN, page->id.n);
    }
    return count == JOB_PAGE_ROWS;
}

void sign_up_forget_person(struct work *work, const char *email)
{
    while (sign_ups_forget_person(work, email))
        continue;
}

bool sign_ups_forget_names(struct work *work, struct campaign_id campaign)
{
    const struct sign_up *page = sign_up_list_with_name(work, campaign);
    bool is_left = page != NULL;
    for (; page; page = page->next)
        sign_up_forget(work, page);
    return is_left;
}
