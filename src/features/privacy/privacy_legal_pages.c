/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The pages that the law wants. What a community has not said yet is told to its administrators
 * with the way to say it; to everybody else, that it is not said yet. */
#include "base/mem.h"
#include "base/refusal.h"
#include "base/str.h"
#include "core/audit/audit.h"
#include "core/logins/logins.h"
#include "core/outbox/outbox.h"
#include "features/privacy/privacy_legal.html.h"
#include "features/privacy/privacy_local.h"
#include "sys/lang.h"
#include "web/app.h"
#include "web/community.h"
#include "web/login.h"
#include "web/page.h"
#include "web/request.h"

enum { SECURITY_TXT_DAYS = 180 };

static struct legal_page legal_of(struct request *rq, const struct privacy_settings *settings)
{
    struct work *work = &rq->work;
    bool administrates = work->login && work->login->role == ROLE_ADMINISTRATOR;
    const char *contact = work->community->contact;
    return (struct legal_page){
        .settings = settings,
        .community = work->community->name,
        .site = work_url(work, "/"),
        .contact = contact,
        .reach = contact || str_is_empty(settings->contact) ? contact : settings->contact,
        .missing = administrates ? privacy_missing(rq, settings) : NULL,
    };
}

const struct refusal *legal_show(struct request *rq)
{
    const struct privacy_settings settings = privacy_settings_get(&rq->work);
    const struct legal_page view = legal_of(rq, &settings);
    struct html *h =
        page_begin(rq, &(struct page){.title = lang_text(rq->lang, N_("Legal notice"))});
    legal_page_show(h, &view);
    page_end(rq, h, 200);
    return NULL;
}

const struct refusal *terms_show(struct request *rq)
{
    const struct privacy_settings settings = privacy_settings_get(&rq->work);
    const struct legal_page view = legal_of(rq, &settings);
    struct html *h =
        page_begin(rq, &(struct page){.title = lang_text(rq->lang, N_("Terms of use"))});
    terms_page_show(h, &view);
    page_end(rq, h, 200);
    return NULL;
}

const struct refusal *accessibility_show(struct request *rq)
{
    const struct privacy_settings settings = privacy_settings_get(&rq->work);
    const struct legal_page view = legal_of(rq, &settings);
    const char *state = N_("This site has not been assessed yet. Before the law (RGAA 4.1) it "
                           "therefore does not conform.");
    if (str_equal(settings.accessibility, "partial"))
        state = N_("This site conforms in part to the RGAA 4.1.");
    if (str_equal(settings.accessibility, "full"))
        state = N_("This site conforms to the RGAA 4.1.");
    struct html *h =
        page_begin(rq, &(struct page){.title = lang_text(rq->lang, N_("Accessibility"))});
    accessibility_page_show(h, &view, lang_text(rq->lang, state));
    page_end(rq, h, 200);
    return NULL;
}

/* Source: RFC 9116 */
const struct refusal *security_txt_handle(struct request *rq)
{
    struct work *work = &rq->work;
    struct mem *mem = work->mem;
    const struct privacy_settings settings = privacy_settings_get(work);
    const char *contact = *settings.security ? settings.security : work->community->contact;
    if (str_is_empty(contact))
        return &refusal_not_found;
    int64_t today = work->now - work->now % DAY_SECONDS;
    reply_text(rq, 200, "text/plain; charset=utf-8",
               mem_printf(mem,
                          "Contact: mailto:%s\nExpires: %s\nPreferred-Languages: fr, en\n"
                          "Canonical: %s\n",
                          contact, time_rfc3339(mem, today + SECURITY_TXT_DAYS * DAY_SECONDS),
                          work_url(work, "/.well-known/security.txt")));
    return NULL;
}

/* What is done with data, by purpose. */

/* msgids */
struct purpose_words {
    const char *what, *data, *basis, *why;
};

static const struct purpose *purpose_add(struct request *rq, const struct purpose *next,
                                         const struct purpose_words *words, const char *kept)
{
    struct purpose *purpose = MEM_NEW(rq->work.mem, struct purpose);
    *purpose = (struct purpose){
        .next = next,
        .what = lang_text(rq->lang, words->what),
        .data = lang_text(rq->lang, words->data),
        .basis = lang_text(rq->lang, words->basis),
        .why = lang_text(rq->lang, words->why),
        .kept = kept,
    };
    return purpose;
}

static const char *counted(struct request *rq, const char *words, int64_t n)
{
    struct lang_hole hole = {"n", lang_number(rq->lang, rq->work.mem, n)};
    return lang_fill(rq->work.mem, words, &hole, 1);
}

#define CONTRACT N_("What you asked for (GDPR, article 6.1.b)")
#define INTEREST N_("A legitimate interest: that the site is safe and fair (GDPR, article 6.1.f)")

static const struct purpose_words taking_part = {
    N_("Taking part in a campaign"),
    N_("First name, e-mail address, how many you are, and what you say of your numbers"), CONTRACT,
    N_("To thank you, to tell you the result, and to correct numbers. Then counts stay, and "
       "words about them, without names.")};
static const struct purpose_words not_confirmed = {
    N_("A sign-up that was not confirmed"), N_("The same"), INTEREST,
    N_("To let you confirm late; whoever typed the address may have been somebody else.")};
static const struct purpose_words account = {
    N_("Your account"), N_("E-mail address, name, language, roles"), CONTRACT,
    N_("You may come back. We write to you before it ends.")};
static const struct purpose_words signing_in = {
    N_("Signing in"), N_("When, and with what kind of browser; the secret as a hash alone"),
    CONTRACT, N_("So that you stay signed in, and see where you are.")};
static const struct purpose_words mails = {
    N_("E-mails to you"), N_("Address, reason, whether it arrived; the text until it is sent"),
    CONTRACT,
    N_("So that nothing is sent twice, and that we know if it comes back. What you switched off is "
       "kept until you switch it on again.")};
static const struct purpose_words acts = {
    N_("Who did what"), N_("Acts of those who organise and administrate, without a name in it"),
    INTEREST, N_("To understand what happened. A year, as is advised for such journals.")};
static const struct purpose_words flags = {
    N_("Saying that something is wrong"), N_("Your words, and your address if you give it"),
    INTEREST, N_("To answer you, and to show how it was settled.")};
static const struct purpose_words addresses = {
    N_("Protection against floods"), N_("Network addresses, in memory alone, never written"),
    INTEREST, N_("To slow down machines.")};

static const struct purpose *purposes_of(struct request *rq, const struct privacy_settings *s)
{
    const struct lang *lang = rq->lang;
    int64_t idle = LOGIN_IDLE_SECONDS / DAY_SECONDS;
    const struct purpose *first = NULL;
    first = purpose_add(rq, first, &addresses, lang_text(lang, N_("An hour at most")));
    first = purpose_add(rq, first, &flags, lang_text(lang, N_("A year after it was settled")));
    first = purpose_add(
        rq, first, &acts,
        counted(rq, lang_plural(lang, "{n} day", "{n} days", AUDIT_KEPT_DAYS), AUDIT_KEPT_DAYS));
    first = purpose_add(
        rq, first, &mails,
        counted(rq, lang_plural(lang, "{n} day", "{n} days", MAIL_KEPT_DAYS), MAIL_KEPT_DAYS));
    first = purpose_add(rq, first, &signing_in,
                        counted(rq,
                                lang_plural(lang, "{n} day after you were last here",
                                            "{n} days after you were last here", idle),
                                idle));
    first = purpose_add(rq, first, &account,
                        counted(rq,
                                lang_plural(lang, "{n} year after you were last here",
                                            "{n} years after you were last here", s->account_years),
                                s->account_years));
    first = purpose_add(rq, first, &not_confirmed,
                        counted(rq, lang_plural(lang, "{n} day", "{n} days", s->unconfirmed_days),
                                s->unconfirmed_days));
    return purpose_add(
        rq, first, &taking_part,
        counted(rq,
                lang_plural(lang, "{n} month after the end of the campaign",
                            "{n} months after the end of the campaign", s->names_months),
                s->names_months));
}

/* Accounts are of the whole install: the first community says how long they are kept. */
const struct refusal *privacy_show(struct request *rq)
{
    struct work *work = &rq->work;
    struct privacy_settings settings = privacy_settings_get(work);
    settings.account_years = privacy_account_years(work);
    struct legal_page view = legal_of(rq, &settings);
    view.purposes = purposes_of(rq, &settings);
    if (settings.set_at)
        view.set_on =
            lang_date(rq->lang, work->mem, LANG_DATE, settings.set_at, work->community->zone);
    const struct page page = {.title =
                                  lang_text(rq->lang, N_("Your data, and what becomes of it"))};
    struct html *h = page_begin(rq, &page);
    privacy_page_show(h, &view);
    page_end(rq, h, 200);
    return NULL;
}
