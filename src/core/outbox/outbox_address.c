/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is known of an address: its page of mail settings, what it does not want, and whether mails
 * arrive there. The link of the page stands in every mail; its token is a keyed hash, so no table
 * of secrets is kept. */
#include "core/outbox/outbox.h"

#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/refusal.h"
#include "base/str.h"
#include "base/time.h"
#include "core/outbox/outbox_local.h"
#include "sys/crypt.h"
#include "web/login.h"
#include "web/url.h"
#include "web/work.h"

static const struct refusal mails_too_often = {
    .status = 429,
    .name = "mails_too_often",
    .sentence = N_("Several e-mails have gone to this address within the last hour, and none of "
                   "them has been used yet. Please open the latest one, also if it is among the "
                   "unwanted ones, or try again in an hour."),
    .retry_seconds = HOUR_SECONDS};

static const char *const kind_names[] = {[OUTBOX_ASKED_FOR] = "asked-for",
                                         [OUTBOX_CAMPAIGN_NEWS] = "campaign-news",
                                         [OUTBOX_ORGANISING] = "organising"};

const char *outbox_kind_name(enum outbox_kind kind)
{
    return kind_names[kind];
}

bool outbox_kind_read(const char *name, enum outbox_kind *ret_kind)
{
    for (enum outbox_kind kind = OUTBOX_CAMPAIGN_NEWS; kind < OUTBOX_KINDS; kind++) {
        if (!str_equal(name, kind_names[kind]))
            continue;
        *ret_kind = kind;
        return true;
    }
    return false;
}

static const char *token_of(struct work *work, const char *handle)
{
    return mem_printf(work->mem, "%s%s", handle, work_mac(work, "mail_settings.token", handle));
}

const char *outbox_settings_path_of(struct work *work, const char *handle)
{
    return path_make(work->mem, "/mail/%s", token_of(work, handle));
}

const char *outbox_settings_path(struct work *work, const char *address)
{
    const char *handle = mail_address_handle_get(work, address);
    return handle ? outbox_settings_path_of(work, handle) : NULL;
}

const char *outbox_address_by_token(struct work *work, const char *token)
{
    if (strlen(token) <= OUTBOX_HANDLE_CHARS)
        return NULL;
    const char *handle = mem_strndup(work->mem, token, OUTBOX_HANDLE_CHARS);
    return crypt_equal(token, token_of(work, handle)) ? mail_address_by_handle(work, handle) : NULL;
}

bool outbox_kind_is_off(struct work *work, const char *address, enum outbox_kind kind)
{
    return kind != OUTBOX_ASKED_FOR && mail_choice_is_off(work, address, kind);
}

void outbox_kind_switch(struct work *work, const char *address, enum outbox_kind kind, bool on)
{
    if (on)
        mail_choice_on(work, address, kind);
    else
        mail_choice_off(work, address, kind);
}

struct outbox_address outbox_address_state(struct work *work, const char *address)
{
    const struct outbox_address *known = mail_address_get(work, address);
    return known ? *known : (struct outbox_address){.address = address, .words = ""};
}

void outbox_ask_ahead(struct work *work, const char *address, const char *typed_for)
{
    mail_count_typed(work, address, typed_for, work->now - HOUR_SECONDS);
    mail_address_handle_get(work, address);
}

const struct refusal *outbox_refuses_typed(struct work *work, const char *address,
                                           const char *typed_for)
{
    bool is_own = work->login && str_equal(work->login->email, address);
    int64_t since = work->now - HOUR_SECONDS;
    bool is_enough = mail_count_typed(work, address, typed_for, since) >= MAILS_TYPED_PER_HOUR_MAX;
    return is_enough && !is_own ? &mails_too_often : NULL;
}

void outbox_address_proved(struct work *work, const char *address)
{
    mail_address_mend(work, address);
    mail_forget_typed(work, address);
}
