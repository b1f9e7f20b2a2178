/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The rules of signing in. Each address is treated alike until its owner has shown that it is
 * theirs, so that nobody learns who has an account. A link works wherever it is opened, since mail
 * and browser are often on two devices; six digits work in the browser that asked alone, since they
 * could be guessed. */
#include <string.h>

#include "base/mem.h"
#include "base/refusal.h"
#include "core/audit/audit.h"
#include "core/outbox/outbox.h"
#include "core/people/people.h"
#include "features/account/account_local.h"
#include "features/account/account_mail.html.h"
#include "sys/crypt.h"
#include "sys/lang.h"
#include "sys/mail.h"
#include "web/community.h"
#include "web/feature.h"
#include "web/url.h"
#include "web/work.h"

#define SIGN_IN_TYPED "sign-in"

static const struct refusal code_wrong = {
    .status = 422,
    .name = "code_wrong",
    .sentence = N_("This is not the code of the e-mail. Please look again."),
    .keeps = true};
static const struct refusal code_used_up = {
    .status = 422,
    .name = "code_used_up",
    .sentence = N_("This sign-in is no longer valid. Please ask for a new e-mail.")};
const struct refusal account_suspended = {
    .status = 403,
    .name = "account_suspended",
    .sentence = N_("This account is suspended. Please write to the administrators of the site.")};

static const char *hash_of(struct work *work, const char *token)
{
    return crypt_sha256(work->mem, token, strlen(token));
}

static const char *mac_of_code(struct work *work, const char *browser, const char *digits)
{
    return work_mac(work, "sign_in.code", mem_printf(work->mem, "%s:%s", browser, digits));
}

static struct sign_in_secrets secrets_new(struct work *work)
{
    return (struct sign_in_secrets){
        .link = work_new_handle(work, SIGN_IN_TOKEN_CHARS),
        .browser = work_new_handle(work, SIGN_IN_TOKEN_CHARS),
        .digits = work_new_code(work),
    };
}

static const char *link_path(struct work *work, const char *token)
{
    return path_make(work->mem, "/sign-in/link/%s", token);
}

static void sign_in_mail(struct work *work, const char *email, const struct lang *lang,
                         const struct sign_in_secrets *secrets)
{
    const struct sign_in_mail_view view = {
        .community = work->community->name,
        .link = work_url(work, link_path(work, secrets->link)),
        .digits = secrets->digits,
    };
    struct html *html = outbox_part(work, lang);
    struct html *text = outbox_part(work, lang);
    sign_in_mail_html(html, &view);
    sign_in_mail_text(text, &view);
    const char *subject = lang_fill(work->mem, lang_text(lang, N_("Sign in to {community}")),
                                    &(struct lang_hole){"community", work->community->name}, 1);
    outbox_add(work, &(struct outbox_mail){
                         .reason = "sign_in",
                         .priority = OUTBOX_AT_ONCE,
                         .typed_for = SIGN_IN_TYPED,
                         .to_address = email,
                         .subject = subject,
                         .text = outbox_part_text(text),
                         .html = outbox_part_text(html),
                         .lang = lang,
                     });
}

const struct refusal *sign_in_ask(struct work *work, const char *email, const char *next,
                                  const struct lang *lang, struct sign_in_secrets *ret_secrets)
{
    const char *normal = mail_address_normal(work->mem, email);
    const struct refusal *refusal = outbox_refuses_typed(work, normal, SIGN_IN_TYPED);
    if (refusal)
        return refusal;
    struct sign_in_secrets secrets = secrets_new(work);
    sign_in_insert(work, &(struct sign_in_row){
                             .id = work_new_id(work),
                             .link_hash = hash_of(work, secrets.link),
                             .browser_hash = hash_of(work, secrets.browser),
                             .email = normal,
                             .language = lang_code(lang),
                             .code_mac = mac_of_code(work, secrets.browser, secrets.digits),
                             .next = next,
                             .expires_at = work->now + SIGN_IN_SECONDS,
                         });
    sign_in_mail(work, normal, lang, &secrets);
    *ret_secrets = secrets;
    return NULL;
}

/* A link alone: no browser asked for it, and no digits go with it. */
static const char *link_new(struct work *work, const char *email, int64_t seconds)
{
    struct sign_in_secrets secrets = secrets_new(work);
    sign_in_insert(work, &(struct sign_in_row){
                             .id = work_new_id(work),
                             .link_hash = hash_of(work, secrets.link),
                             .browser_hash = hash_of(work, secrets.browser),
                             .email = email,
                             .language = work->community->language,
                             .code_mac = "",
                             .next = "",
                             .expires_at = work->now + seconds,
                         });
    return secrets.link;
}

const char *sign_in_link(struct work *work, const char *email, int64_t seconds)
{
    return link_path(work, link_new(work, mail_address_normal(work->mem, email), seconds));
}

const char *first_link(struct work *work)
{
    sign_ins_void(work, "");
    if (people_have_administrator(work))
        return NULL;
    return path_make(work->mem, "/first/%s", link_new(work, "", FIRST_LINK_SECONDS));
}

const struct sign_in *sign_in_by_link(struct work *work, const char *token)
{
    return sign_in_get_by_link(work, hash_of(work, token));
}

const struct sign_in *sign_in_by_browser(struct work *work, const char *token)
{
    return *token ? sign_in_get_by_browser(work, hash_of(work, token)) : NULL;
}

const struct refusal *sign_in_check_code(struct work *work, const char *browser, const char *digits,
                                         const struct sign_in **ret_sign_in)
{
    const struct sign_in *sign_in = sign_in_try(work, hash_of(work, browser));
    if (!sign_in)
        return &code_used_up;
    if (!crypt_equal(sign_in->code_mac, mac_of_code(work, browser, digits)))
        return &code_wrong;
    outbox_address_proved(work, sign_in->email);
    *ret_sign_in = sign_in;
    return NULL;
}

const struct refusal *sign_in_use(struct work *work, const struct sign_in *sign_in,
                                  struct sign_in_outcome *ret_outcome)
{
    if (!sign_in_mark_used(work, sign_in->id))
        return &code_used_up;
    const struct person *person = person_get_by_email(work, sign_in->email);
    if (person && !person_may_come_in(person))
        return &account_suspended;
    struct person_id id =
        person ? person->id : person_add(work, sign_in->email, "", sign_in->language);
    enum role offered = membership_begin(work, &(struct person){.id = id, .email = sign_in->email});
    if (offered > ROLE_MEMBER)
        audit_add(work, AUDIT_PERSON_ROLE, &(struct audit_object){.person = id},
                  role_name(offered));
    if (!person)
        feature_announce(work, ANNOUNCE_PERSON_ADDED, id.n);
    *ret_outcome = (struct sign_in_outcome){id, offered > ROLE_MEMBER};
    return NULL;
}

const struct refusal *first_link_use(struct work *work, const struct sign_in *sign_in,
                                     const struct first_person *first, struct person_id *ret_person)
{
    if (people_have_administrator(work) || !sign_in_mark_used(work, sign_in->id))
        return &code_used_up;
    const char *normal = mail_address_normal(work->mem, first->email);
    struct person_id id = person_add(work, normal, first->name, first->language);
    person_rename(work, id, first->name);
    person_bar(work, id, false);
    membership_raise(work, id, ROLE_ADMINISTRATOR);
    membership_suspend(work, id, false);
    audit_add(work, AUDIT_PERSON_FIRST, &(struct audit_object){.person = id}, "");
    *ret_person = id;
    return NULL;
}
