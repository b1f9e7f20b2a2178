/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* `essaim admin`: who administrates a community of the install, for whoever has its machine: the
 * way back in when nobody can sign in any more. It works while the server runs, whose next request
 * sees what was changed. */
#include <stdio.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/time.h"
#include "core/audit/audit.h"
#include "core/communities/communities.h"
#include "core/logins/logins.h"
#include "core/people/people.h"
#include "features/account/account.h"
#include "main/commands.h"
#include "main/program.h"
#include "main/settings.h"
#include "sys/mail.h"
#include "web/community.h"
#include "web/work.h"

enum { ADMIN_LINK_SECONDS = HOUR_SECONDS };

const char admin_help[] =
    "  essaim admin grant E-MAIL    makes that person an administrator, and lets them sign in\n"
    "  essaim admin revoke E-MAIL   makes an administrator a member again\n"
    "  essaim admin link E-MAIL     prints an address that signs that person in, once, within an "
    "hour\n"
    "  essaim admin suspend E-MAIL  ends their logins, and lets them sign in no more\n"
    "  essaim admin lift E-MAIL     lifts the suspension\n"
    "  essaim admin list            prints the administrators\n"
    "  essaim admin host NAME       gives a community a web address of its own\n"
    "All are about the first community, or --community NAME; suspend is about the whole install,\n"
    "and lift ends a suspension there as well as one in the community.\n"
    "It may be used while the server runs.\n";

/* One act. It may run twice: what is to be printed waits for its end. */
struct admin {
    struct mem *mem;
    const char *community; /* the slug; NULL: the first one */
    const char *email;     /* in its normal form */
    const char *host;
    const char *refusal;
    const char *output;
};

/* Whose address that is; NULL with a sentence: nobody's. */
static const struct person *person_of(struct admin *admin, struct work *work)
{
    const struct person *person = person_get_by_email(work, admin->email);
    if (!person)
        admin->refusal = "Nobody has an account with that address: essaim admin grant adds one.";
    return person;
}

static void note(struct work *work, enum audit_action action, struct person_id person,
                 const char *detail)
{
    audit_add(work, action, &(struct audit_object){.person = person}, detail);
}

static void grant(struct admin *admin, struct work *work)
{
    struct person_id id = person_add(work, admin->email, "", work->community->language);
    person_bar(work, id, false);
    membership_raise(work, id, ROLE_ADMINISTRATOR);
    membership_suspend(work, id, false);
    note(work, AUDIT_PERSON_ROLE, id, role_name(ROLE_ADMINISTRATOR));
}

static void revoke(struct admin *admin, struct work *work)
{
    const struct person *person = person_of(admin, work);
    if (!person)
        return;
    if (person->role != ROLE_ADMINISTRATOR) {
        admin->refusal = "That person is no administrator.";
        return;
    }
    membership_set(work, person->id, ROLE_MEMBER);
    note(work, AUDIT_PERSON_ROLE, person->id, role_name(ROLE_MEMBER));
}

static void make_link(struct admin *admin, struct work *work)
{
    const struct person *person = person_of(admin, work);
    if (!person)
        return;
    if (!person_may_come_in(person)) {
        admin->refusal = "That account is suspended: essaim admin lift comes first.";
        return;
    }
    const char *path = sign_in_link(work, admin->email, ADMIN_LINK_SECONDS);
    admin->output = mem_printf(admin->mem, "%s\n", work_url(work, path));
    note(work, AUDIT_PERSON_LINK, person->id, "");
}

static void suspend(struct admin *admin, struct work *work)
{
    const struct person *person = person_of(admin, work);
    if (!person)
        return;
    person_bar(work, person->id, true);
    login_end_all(work, person->id, (struct login_id){0});
    note(work, AUDIT_PERSON_SUSPEND, person->id, "");
}

static void lift(struct admin *admin, struct work *work)
{
    const struct person *person = person_of(admin, work);
    if (!person)
        return;
    person_bar(work, person->id, false);
    membership_suspend(work, person->id, false);
    note(work, AUDIT_PERSON_LIFT, person->id, "");
}

static void list(struct admin *admin, struct work *work)
{
    const char *lines = "";
    struct person_id after = {0};
    const struct person *person;
    while ((person = people_list(work, ROLE_ADMINISTRATOR, after, PEOPLE_LIST_MAX)))
        for (; person; person = person->next) {
            lines = mem_printf(admin->mem, "%s%s%s%s%s\n", lines, person->email,
                               *person->name ? "  " : "", person->name,
                               !person_may_come_in(person) ? "  (suspended)" : "");
            after = person->id;
        }
    admin->output = lines;
}

static void set_host(struct admin *admin, struct work *work)
{
    struct community changed = *work->community;
    bool is_none = !*admin->host && community_is_first(work);
    changed.host = is_none ? NULL : admin->host;
    if (!is_none && !community_host_is_valid(work->mem, admin->host))
        admin->refusal = "That is no name of a site, as action.example.org: without https://, and "
                         "none at all for the first community alone.";
    else if (!community_change(work, &changed))
        admin->refusal = "Another community of this install has that address.";
    else
        audit_add(work, AUDIT_SETTINGS, &(struct audit_object){.id = changed.id.n}, "host");
}

enum wants { WANTS_NOTHING, WANTS_EMAIL, WANTS_HOST };
static const struct verb {
    const char *name;
    void (*run)(struct admin *admin, struct work *work);
    enum wants wants;
} verbs[] = {
    {"grant", grant, WANTS_EMAIL},    {"revoke", revoke, WANTS_EMAIL},
    {"link", make_link, WANTS_EMAIL}, {"suspend", suspend, WANTS_EMAIL},
    {"lift", lift, WANTS_EMAIL},      {"list", list, WANTS_NOTHING},
    {"host", set_host, WANTS_HOST},
};

struct act {
    struct admin *admin;
    const struct verb *verb;
};

static void run_act(struct work *work, void *context)
{
    struct act *act = context;
    act->admin->output = NULL;
    if (work->community && act->admin->community)
        work->community = community_get_by_slug(work, act->admin->community);
    act->admin->refusal = work->community ? NULL : "There is no such community.";
    if (work->community)
        act->verb->run(act->admin, work);
}

static const struct verb *verb_of(const struct settings *settings)
{
    const char *name = settings->words_count ? settings->words[0] : "";
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (str_equal(verbs[i].name, name) && settings->words_count == (verbs[i].wants ? 2 : 1))
            return &verbs[i];
    return NULL;
}

static int fail(int status, const char *sentence)
{
    fprintf(stderr, "%s\n", sentence);
    return status;
}

static int run_verb(struct program *program, const struct verb *verb,
                    const struct settings *settings)
{
    const char *word = verb->wants ? settings->words[1] : "";
    struct admin admin = {
        .mem = program->mem,
        .community = settings->community,
        .email = mail_address_normal(program->mem, word),
        .host = str_lower(program->mem, word),
    };
    struct act act = {&admin, verb};
    if (!program_write(program, run_act, &act))
        return fail(1, "The database could not be written: please try again.");
    if (admin.refusal)
        return fail(1, admin.refusal);
    fputs(admin.output ? admin.output : "", stdout);
    return 0;
}

int command_admin(const struct settings *settings)
{
    const struct verb *verb = verb_of(settings);
    if (!verb) {
        fprintf(stderr, "Use it so:\n%s", admin_help);
        return 2;
    }
    if (verb->wants == WANTS_EMAIL && !mail_address_is_valid(settings->words[1]))
        return fail(2, "That is no e-mail address.");
    struct program *program = program_open(&settings->config, PROGRAM_BESIDE, NULL);
    if (!program)
        return 1;
    int status = run_verb(program, verb, settings);
    program_close(program);
    return status;
}
