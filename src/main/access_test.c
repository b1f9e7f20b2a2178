/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who may do what, walked from the table of routes: every route, asked by everyone (a guest, a
 * member, the organiser of another campaign, of this one, a facilitator, an administrator, and each
 * of them of another community), about what is theirs, what is another's, what is another
 * community's, and what is not there at all. What one may not see answers as what is not there: the
 * same status, the same words.
 *
 * A new route is covered by itself. Where its path has a new `:name` of an object, `examples` wants
 * one line that says how to find one; until then the test fails and says so. */
#include "story/make_world.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "core/jobs/jobs.h"
#include "features/team/team.h"
#include "main/program.h"
#include "sys/db.h"
#include "sys/db_readers.h"
#include "web/app.h"
#include "web/route.h"
#include "web/work.h"

/* Whose the object of a request is. */
enum target {
    TARGET_OWN,       /* of the campaign "haie", of oneself, of one's community */
    TARGET_FOREIGN,   /* of another campaign of the same community, or of another person */
    TARGET_ELSEWHERE, /* of the other community */
    TARGET_MISSING,   /* there is none */
    TARGETS
};
static const char *const target_words[] = {"its own", "another's", "another community's",
                                           "a missing"};

/* How to find an object for a `:name`, by the part of the path that ends with it. */
enum of { OF_CAMPAIGN, OF_PERSON, OF_COMMUNITY, OF_SECRET /* always made up */ };
static const char *organiser_handle(struct work *work, const struct db_row *row)
{
    return team_handle(work, (struct campaign_id){row_int(row, 0)},
                       (struct person_id){row_int(row, 1)});
}

static const char *job_path_part(struct work *work, const struct db_row *row)
{
    return job_handle(work, row_int(row, 0));
}

static const struct example {
    const char *path;
    enum of of;      /* what ?1 is: a campaign's slug, an e-mail, a community's slug */
    const char *sql; /* gives the value that stands in the path */
    /* Or makes it of the row's columns. */
    const char *(*make)(struct work *work, const struct db_row *row);
} examples[] = {
    {"/campaigns/:slug", OF_CAMPAIGN, "SELECT slug FROM campaign WHERE slug = ?1"},
    {"/campaigns/:slug/edit/sessions/:session", OF_CAMPAIGN,
     "SELECT s.handle FROM session s JOIN campaign c ON c.id = s.campaign_id WHERE c.slug = ?1"},
    {"/campaigns/:slug/organise/reports/:report", OF_CAMPAIGN,
     "SELECT r.handle FROM report r JOIN campaign c ON c.id = r.campaign_id WHERE c.slug = ?1"
     " ORDER BY r.id DESC"},
    {"/campaigns/:slug/edit/sessions/:session", OF_CAMPAIGN,
     "SELECT s.handle FROM session s JOIN campaign c ON c.id = s.campaign_id WHERE c.slug = ?1"},
    {"/campaigns/:slug/organise/message/:handle", OF_CAMPAIGN,
     "SELECT m.handle FROM campaign_message m JOIN campaign c ON c.id = m.campaign_id"
     " WHERE c.slug = ?1"},
    {"/campaigns/:slug/organise/people/:handle", OF_CAMPAIGN,
     "SELECT s.handle FROM sign_up s JOIN campaign c ON c.id = s.campaign_id WHERE c.slug = ?1"},
    {"/campaigns/:slug/organise/team/invitations/:handle", OF_CAMPAIGN,
     "SELECT i.handle FROM invitation i JOIN campaign c ON c.id = i.campaign_id WHERE c.slug = ?1"},
    {"/campaigns/:slug/organise/team/:organiser", OF_CAMPAIGN,
     "SELECT c.id, o.person_id FROM campaign_organiser o JOIN campaign c ON c.id = o.campaign_id"
     " WHERE c.slug = ?1",
     .make = organiser_handle},
    {"/invitations/:token", OF_SECRET, NULL},
    {"/my-data/:token", OF_SECRET, NULL},
    {"/account/logins/:handle", OF_PERSON,
     "SELECT l.handle FROM login l JOIN person p ON p.id = l.person_id WHERE p.email = ?1"
     " ORDER BY l.id"},
    {"/administration/people/:person", OF_COMMUNITY,
     "SELECT p.handle FROM person p JOIN membership m ON m.person_id = p.id"
     " JOIN community c ON c.id = m.community_id WHERE c.slug = ?1 AND m.role = 'member'"},
    {"/administration/people/offers/:offer", OF_COMMUNITY,
     "SELECT o.handle FROM role_offer o JOIN community c ON c.id = o.community_id"
     " WHERE c.slug = ?1"},
    {"/administration/jobs/:job", OF_COMMUNITY,
     "SELECT j.id FROM job j JOIN community c ON c.id = j.community_id"
     " WHERE c.slug = ?1 AND j.parked_at > 0",
     .make = job_path_part},
    {"/administration/factors/:factor", OF_COMMUNITY,
     "SELECT f.handle FROM factor f JOIN community c ON c.id = f.community_id WHERE c.slug = ?1"},
};
enum { EXAMPLES = sizeof examples / sizeof *examples, PARTS_MAX = 4 };

static int set_up(void **state)
{
    struct world *world = test_calloc(1, sizeof *world);
    world_make(world);
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;
    void *story = world->story;
    int code = story_teardown(&story);
    test_free(world);
    return code;
}

static void world_make_anew(struct world *world)
{
    void *story = world->story;
    assert_int_equal(story_teardown(&story), 0);
    *world = (struct world){0};
    world_make(world);
}

/* Filling a path in. */

static const struct example *example_of(const struct route *route, size_t count)
{
    for (int i = 0; i < EXAMPLES; i++)
        if (strlen(examples[i].path) == count && memcmp(examples[i].path, route->path, count) == 0)
            return &examples[i];
    return NULL;
}

static const char *look_up(struct story *story, const struct example *example, const char *of)
{
    struct db_readers *readers = story->program->app.readers;
    struct db *db = db_readers_take(readers);
    struct work work = {.app = &story->program->app, .mem = story->mem};
    work.tx = db_begin(db, story->mem);
    const struct db_value values[] = {db_text(of)};
    const struct db_row *row = tx_one_values(work.tx, example->sql, values, 1);
    if (!row)
        fail_msg("the world has no %s of %s: make one", example->path, of);
    const char *found = example->make ? example->make(&work, row) : row_text(row, 0);
    tx_rollback(work.tx);
    db_readers_give(readers, db);
    return found;
}

/* Whose object that is, from where the actor stands. */
static const char *owner_of(const struct actor *actor, enum of of, enum target target)
{
    bool here = (actor->side == SIDE_HERE) == (target != TARGET_ELSEWHERE);
    switch (of) {
    case OF_CAMPAIGN:
        if (target == TARGET_FOREIGN && here)
            return "autre";
        return here ? "haie" : "loin";
    case OF_PERSON:
        if (target == TARGET_OWN && actor->email)
            return actor->email;
        if (actor->role == ROLE_ADMINISTRATOR && here)
            return "mia@example.org";
        return here ? "ada@example.org" : "abel@example.org";
    case OF_COMMUNITY:
        return here ? "fullmobs" : "quartier";
    case OF_SECRET:
        break;
    }
    return "";
}

/* The route's path with values in it; the last of its parameters is the target, those before it are
 * of its own. NULL: it has a parameter that no example knows. */
static const char *path_fill(struct world *world, const struct route *route,
                             const struct actor *actor, enum target target)
{
    struct story *story = world->story;
    const char *path = "";
    for (const char *at = route->path; *at;) {
        const char *colon = strchr(at, ':');
        if (!colon)
            return mem_printf(story->mem, "%s%s", path, at);
        const char *end = colon + strcspn(colon, "/");
        bool is_last = !strchr(end, ':');
        const struct example *example = example_of(route, (size_t)(end - route->path));
        if (!example)
            return NULL;
        const char *value = "rien-de-tel";
        if (example->of != OF_SECRET && (!is_last || target != TARGET_MISSING))
            value = look_up(story, example,
                            owner_of(actor, example->of, is_last ? target : TARGET_OWN));
        path = mem_printf(story->mem, "%s%.*s%s", path, (int)(colon - at), at, value);
        at = end;
    }
    return path;
}

static int params_of(const struct route *route)
{
    int count = 0;
    for (const char *at = route->path; (at = strchr(at, ':')); at++)
        count++;
    return count;
}

/* Asking. */

static struct answer ask(struct world *world, int actor, const struct route *route,
                         const char *path, bool json)
{
    const char *accept = json ? "Accept: application/json" : "Accept: text/html";
    const char *const headers[] = {accept, "Sec-Fetch-Site: same-origin",
                                   "Content-Type: application/x-www-form-urlencoded", NULL};
    world_go_to(world->story, &actors[actor], world->cookies[actor]);
    return story_send(world->story, route->method, path, headers,
                      str_equal(route->method, "POST") ? "" : NULL);
}

/* Where a POST's address leads back to its page, it is that page that is asked. */
static struct answer ask_on(struct world *world, int actor, const struct route *route,
                            const char *path, bool json)
{
    struct answer answer = ask(world, actor, route, path, json);
    bool leads_on = answer.status == 303 && str_equal(route->method, "GET") &&
                    !str_starts(answer.location, "/sign-in");
    return leads_on ? ask(world, actor, route, answer.location, json) : answer;
}

/* Its words, without the request's own number. */
static const char *words_of(struct world *world, struct answer answer)
{
    const char *at = strstr(answer.body, "\"request\":\"");
    if (!at)
        return answer.body;
    const char *rest = strchr(at + strlen("\"request\":\""), '"');
    return mem_printf(world->story->mem, "%.*s%s", (int)(at - answer.body), answer.body, rest);
}

/* What is to come of it. */
enum outcome { SENT_TO_SIGN_IN, NOTHING_HERE, LET_IN };

static bool has_right(const struct route *route, const struct actor *actor, enum target target)
{
    bool is_campaign = params_of(route) == 1; /* the target itself, not a part of one */
    bool is_own = target == TARGET_OWN || (target == TARGET_FOREIGN && is_campaign);
    const char *slug = target == TARGET_FOREIGN   ? "autre"
                       : actor->side == SIDE_HERE ? "haie"
                                                  : "loin";
    switch (route->access) {
    case ACCESS_SIGNED_IN:
        return params_of(route) == 0 || target == TARGET_OWN;
    case ACCESS_ORGANISER:
        return is_own && (actor->role >= ROLE_FACILITATOR ||
                          (actor->organises && str_equal(actor->organises, slug)));
    case ACCESS_FACILITATOR:
        return actor->role >= ROLE_FACILITATOR && (params_of(route) == 0 || is_own);
    case ACCESS_ADMINISTRATOR:
        return actor->role >= ROLE_ADMINISTRATOR && (params_of(route) == 0 || target == TARGET_OWN);
    case ACCESS_UNSTATED:
    case ACCESS_ANYONE:
    case ACCESS_LINK:
    case ACCESS_LOOPBACK:
        break;
    }
    return false;
}

static enum outcome outcome_of(const struct route *route, const struct actor *actor,
                               enum target target)
{
    if (!actor->email)
        return SENT_TO_SIGN_IN;
    return has_right(route, actor, target) ? LET_IN : NOTHING_HERE;
}

static void assert_outcome(const struct route *route, int actor, enum target target, bool json,
                           struct answer answer)
{
    enum outcome outcome = outcome_of(route, &actors[actor], target);
    bool reads = str_equal(route->method, "GET");
    bool fine = false;
    switch (outcome) {
    case SENT_TO_SIGN_IN:
        fine = reads && !json
                   ? answer.status == 303 && str_starts(answer.location, "/sign-in?next=")
                   : answer.status == 401;
        break;
    case NOTHING_HERE:
        fine = answer.status == 404;
        break;
    case LET_IN:
        fine = answer.status != 401 && answer.status != 403 && answer.status != 404 &&
               answer.status != 405 && answer.status < 500 &&
               !str_starts(answer.location, "/sign-in");
        break;
    }
    if (!fine)
        fail_msg("%s %s: to %s, about %s object, it answers %d", route->method, route->path,
                 actors[actor].who, target_words[target], answer.status);
}

static bool posts(const struct route *route)
{
    return str_equal(route->method, "POST");
}

/* What is a community's own is nobody's in it; and of secrets there are made-up ones alone. */
static bool has_target(const struct route *route, enum target target)
{
    const char *last = strrchr(route->path, ':');
    const struct example *example =
        last ? example_of(route, (size_t)(last + strcspn(last, "/") - route->path)) : NULL;
    if (!example)
        return true;
    return example->of == OF_SECRET      ? target == TARGET_MISSING
           : example->of == OF_COMMUNITY ? target != TARGET_FOREIGN
                                         : true;
}

/* Elsewhere people are asked about what is here alone: there it would be the same again. */
static bool is_asked(const struct route *route, int actor, enum target target)
{
    if (params_of(route) == 0)
        return target == TARGET_OWN && actors[actor].side == SIDE_HERE;
    if (!has_target(route, target))
        return false;
    return (actors[actor].side == SIDE_HERE) || target == TARGET_ELSEWHERE;
}

static const char *path_or_fail(struct world *world, const struct route *route, int actor,
                                enum target target)
{
    const char *path = path_fill(world, route, &actors[actor], target);
    if (!path)
        fail_msg("%s %s has a parameter that this test knows no object for: add it to `examples`",
                 route->method, route->path);
    return path;
}

/* What one may not see answers with the same words as what is not there. */
static void assert_like_missing(struct world *world, const struct route *route, int actor,
                                struct answer answer)
{
    const char *path = path_or_fail(world, route, actor, TARGET_MISSING);
    struct answer missing = ask_on(world, actor, route, path, true);
    if (missing.status != answer.status ||
        !str_equal(words_of(world, missing), words_of(world, answer)))
        fail_msg("%s %s: to %s, what is not theirs answers %s, and what is not there %s",
                 route->method, route->path, actors[actor].who, answer.body, missing.body);
}

/* The frame reads a form before anybody looks for a second object of the path: then what is wrong
 * with an empty form is told, the same for every object, there or not. */
static bool is_form_first(const struct route *route, int actor, struct answer answer)
{
    return answer.status == 422 && route->form && params_of(route) > 0 &&
           (params_of(route) > 1 || route->access != ACCESS_ORGANISER) &&
           has_right(route, &actors[actor], TARGET_OWN);
}

static void look_at(struct world *world, const struct route *route, int actor, enum target target)
{
    const char *path = path_or_fail(world, route, actor, target);
    enum outcome outcome = outcome_of(route, &actors[actor], target);
    if (posts(route) && outcome == LET_IN)
        return; /* it would change the world: below */
    struct answer answer = ask_on(world, actor, route, path, true);
    if (!is_form_first(route, actor, answer)) {
        assert_outcome(route, actor, target, true, answer);
        assert_outcome(route, actor, target, false, ask_on(world, actor, route, path, false));
    }
    if (outcome == NOTHING_HERE && params_of(route) > 0)
        assert_like_missing(world, route, actor, answer);
}

/* Every route with everyone. */
static void walk(struct world *world,
                 void (*visit)(struct world *world, const struct route *route, int actor))
{
    const struct route *route;
    for (int i = 0; (route = route_at(world->story->program->app.routes, i)); i++)
        for (int actor = 0; actor < ACTORS; actor++)
            visit(world, route, actor);
}

static void look_at_each(struct world *world, const struct route *route, int actor)
{
    for (int target = 0; target < TARGETS && route_wants_login(route); target++)
        if (is_asked(route, actor, (enum target)target))
            look_at(world, route, actor, (enum target)target);
}

static void everyone_finds_what_is_theirs_and_nothing_else(void **state)
{
    walk(*state, look_at_each);
}

static void act(struct world *world, const struct route *route, int actor)
{
    if (!route_wants_login(route) || !posts(route) || !is_asked(route, actor, TARGET_OWN) ||
        outcome_of(route, &actors[actor], TARGET_OWN) != LET_IN)
        return;
    const char *path = path_or_fail(world, route, actor, TARGET_OWN);
    struct answer answer = ask(world, actor, route, path, false);
    assert_outcome(route, actor, TARGET_OWN, false, answer);
    if (answer.status < 400)
        world_make_anew(world);
}

/* After a POST that did something, the world is made anew. */
static void who_has_the_right_may_act(void **state)
{
    walk(*state, act);
}

static void look_at_public(struct world *world, const struct route *route, int actor)
{
    if (actor > 0 || route->access != ACCESS_ANYONE || !str_starts(route->path, "/campaigns/:slug"))
        return;
    const char *path = path_or_fail(world, route, actor, TARGET_OWN);
    struct answer answer = ask(world, actor, route, path, true);
    assert_true(answer.status != 401 && answer.status != 403 && answer.status != 404);
    path = path_or_fail(world, route, actor, TARGET_ELSEWHERE);
    answer = ask_on(world, actor, route, path, true);
    if (answer.status != 404 && !(posts(route) && answer.status == 422))
        fail_msg("%s %s: about another community's campaign it answers %d", route->method,
                 route->path, answer.status);
    assert_like_missing(world, route, actor, answer);
}

static void what_is_for_anyone_is_of_this_community_alone(void **state)
{
    walk(*state, look_at_public);
}

/* The path with something made up for every part of it. */
static const char *path_made_up(struct world *world, const struct route *route)
{
    const char *path = "";
    for (const char *at = route->path; *at;) {
        size_t plain = strcspn(at, ":");
        const char *rest = at + plain;
        path = mem_printf(world->story->mem, "%s%.*s%s", path, (int)plain, at,
                          *rest ? "aaaabbbbccccdddd" : "");
        at = rest + strcspn(rest, "/");
    }
    return path;
}

static void try_a_secret(struct world *world, const struct route *route, int actor)
{
    if (route->access != ACCESS_LINK || !strstr(route->path, ":token"))
        return;
    struct answer answer = ask_on(world, actor, route, path_made_up(world, route), true);
    if (answer.status != 404 && !(answer.status == 422 && route->form))
        fail_msg("%s %s: to %s with a made-up secret it answers %d", route->method, route->path,
                 actors[actor].who, answer.status);
}

static void a_made_up_secret_opens_nothing_whoever_asks(void **state)
{
    walk(*state, try_a_secret);
}

static void come_through_a_proxy(struct world *world, const struct route *route, int actor)
{
    static const char *const headers[] = {"Via: 1.1 proxy", "Sec-Fetch-Site: same-origin", NULL};
    if (route->access != ACCESS_LOOPBACK)
        return;
    world_go_to(world->story, &actors[actor], world->cookies[actor]);
    const char *path = path_made_up(world, route);
    assert_int_equal(story_send(world->story, route->method, path, headers, NULL).status, 404);
}

static void what_is_for_this_machine_is_not_for_a_proxy_whoever_asks(void **state)
{
    walk(*state, come_through_a_proxy);
}

/* The browser of somebody elsewhere sends its cookie here. */
static void come_from_elsewhere(struct world *world, const struct route *route, int actor)
{
    if (!route_wants_login(route) || actors[actor].side == SIDE_HERE || !actors[actor].email)
        return;
    const char *path = path_or_fail(world, route, 0, TARGET_OWN);
    world->cookies[0] = world->cookies[actor];
    assert_int_equal(ask(world, 0, route, path, true).status, 401);
}

static void a_login_of_one_community_is_nobody_in_another(void **state)
{
    walk(*state, come_from_elsewhere);
}

#define WORLD(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD(everyone_finds_what_is_theirs_and_nothing_else),
        WORLD(who_has_the_right_may_act),
        WORLD(what_is_for_anyone_is_of_this_community_alone),
        WORLD(a_made_up_secret_opens_nothing_whoever_asks),
        WORLD(what_is_for_this_machine_is_not_for_a_proxy_whoever_asks),
        WORLD(a_login_of_one_community_is_nobody_in_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
