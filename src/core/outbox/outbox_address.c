/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is known of an address: its page of mail settings, what it does not want, and whether mails
 * arrive there. The link of the page stands in every mail; its token is a keyed hash, so no table
 * of secrets is kept. */
#include "core/outbox/outbox.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "core/outbox/outbox_local.h"
#include "sys/crypt.h"
#include "web/url.h"
#include "web/work.h"

static const char *const kind_names[] = {[OUTBOX_ASKED_FOR] = "asked-for",
                                         [OUTBOX_CAMPAIGN_NEWS] = "campaign-news",
                                         [OUTBOX_ORGANISING] = "organising"};

const char *outbox_kind_name(enum outbox_kind kind)
{
    return kind_names[kind];
}

bool outbox_kind_from(const char *name, enum outbox_kind *ret_kind)
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

const struct outbox_address *outbox_bounced_list(struct work *work, int count)
{
    return mail_address_list_bounced(work, count);
}

void outbox_address_proved(struct work *work, const char *address)
{
    mail_address_mend(work, address);
}
