/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The rules of one's own data. Who asks shows that the address is theirs by a link that was mailed
 * to it within the hour: a browser that is still signed in, or an old mail that was passed on, is
 * no proof for what cannot be taken back. Whether anything is kept of an address is told to who
 * reads its mails alone. */
#include <jansson.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/refusal.h"
#include "core/jobs/jobs.h"
#include "core/outbox/outbox.h"
#include "features/privacy/privacy_local.h"
#include "features/signups/signups.h"
#include "sys/crypt.h"
#include "sys/lang.h"
#include "sys/mail.h"
#include "web/app.h"
#include "web/feature.h"
#include "web/url.h"
#include "web/work.h"

static const char *hash_of(struct work *work, const char *token)
{
    return crypt_sha256(work->mem, token, strlen(token));
}

const struct refusal *data_ask(struct work *work, const char *email, const struct lang *lang)
{
    const char *normal = mail_address_normal(work->mem, email);
    const struct refusal *refusal = outbox_refuses_typed(work, normal, DATA_TYPED);
    if (refusal)
        return refusal;
    const char *token = work_new_handle(work, DATA_TOKEN_CHARS);
    data_link_insert(work, hash_of(work, token), normal);
    privacy_mail_link(work, normal, path_make(work->mem, "/my-data/%s", token), lang);
    return NULL;
}

const char *data_of_token(struct work *work, const char *token)
{
    return data_link_email(work, hash_of(work, token));
}

json_t *data_export(struct work *work, const char *email)
{
    json_t *object = json_object();
    for (const struct feature *const *f = work->app->features; *f; f++)
        (*f)->export_person(work, email, object);
    return object;
}

const struct refusal *data_refuses_erasing(struct work *work, const char *email)
{
    for (const struct feature *const *f = work->app->features; *f; f++) {
        const struct refusal *refusal = (*f)->needs_person ? (*f)->needs_person(work, email) : NULL;
        if (refusal)
            return refusal;
    }
    return NULL;
}

void data_erase_rest(struct work *work, const char *email, const struct lang *lang)
{
    feature_forget_person(work, email);
    privacy_mail_erased(work, email, lang);
    job_add(work, JOB_FAREWELL, outbox_last_id(work), work->now + HOUR_SECONDS);
}

const struct refusal *data_erase(struct work *work, const char *email, const struct lang *lang)
{
    const struct refusal *refusal = data_refuses_erasing(work, email);
    if (refusal)
        return refusal;
    if (sign_ups_forget_person(work, email))
        job_add(work, JOB_ERASE, erasing_insert(work, email, lang_code(lang)), work->now);
    else
        data_erase_rest(work, email, lang);
    return NULL;
}
