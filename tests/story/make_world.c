/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The world is made by the same rules as everybody's; sign-ups and reports go through requests. */
#include "story/make_world.h"

#include <string.h>

#include "base/mem.h"
#include "core/communities/communities.h"
#include "core/logins/logins.h"
#include "core/people/people.h"
#include "features/campaigns/campaigns.h"
#include "features/factors/factors.h"
#include "features/messages/messages.h"
#include "features/reports/reports.h"
#include "features/team/team.h"
#include "main/features.h"
#include "story/make_campaigns.h"
#include "story/make_sign_ups.h"
#include "sys/db.h"
#include "web/community.h"
#include "web/work.h"

const char *const world_hosts[] = {HERE, THERE};

const struct actor actors[ACTORS] = {
    {"a guest", SIDE_HERE, ROLE_NONE, NULL, NULL},
    {"a member", SIDE_HERE, ROLE_MEMBER, "mia@example.org", NULL},
    {"an organiser of another campaign", SIDE_HERE, ROLE_MEMBER, "oscar@example.org", "autre"},
    {"its organiser", SIDE_HERE, ROLE_MEMBER, "nadia@example.org", "haie"},
    {"a facilitator", SIDE_HERE, ROLE_FACILITATOR, "farid@example.org", NULL},
    {"an administrator", SIDE_HERE, ROLE_ADMINISTRATOR, "ada@example.org", NULL},
    {"a guest elsewhere", SIDE_THERE, ROLE_NONE, NULL, NULL},
    {"a member elsewhere", SIDE_THERE, ROLE_MEMBER, "milo@example.org", NULL},
    {"an organiser elsewhere", SIDE_THERE, ROLE_MEMBER, "lena@example.org", "loin"},
    {"a facilitator elsewhere", SIDE_THERE, ROLE_FACILITATOR, "fanny@example.org", NULL},
    {"an administrator elsewhere", SIDE_THERE, ROLE_ADMINISTRATOR, "abel@example.org", NULL},
};

void world_go_to(struct story *story, const struct actor *actor, const char *cookie)
{
    story->host = world_hosts[actor->side];
    story->cookie = cookie;
}

static void found_quarter(struct work *work, void *context)
{
    (void)context;
    community_add(work, &(struct community){.slug = "quartier",
                                            .name = "Le Quartier",
                                            .description = "Entre voisins",
                                            .language = "fr",
                                            .time_zone = "Europe/Paris",
                                            .host = THERE});
}

/* One campaign with a quantity, in the community of a side; `people` take part and report. */
struct furnishing {
    enum side side;
    const char *slug;
    int people;
};

static void furnish(struct work *work, void *context)
{
    const struct furnishing *f = context;
    struct campaign_draft draft = make_draft(f->slug, f->slug);
    /* It has begun, so that there is something to report. */
    struct session session = make_session("2026-11-21T09:00:00", "2026-11-28T18:00:00", 10);
    struct campaign_id id;
    draft.sessions = &session;
    draft.campaign.goal_unit = GOAL_QUANTITY;
    draft.campaign.quantity_unit = "e-mails";
    draft.campaign.target = 1000;
    work->community = community_find(work, world_hosts[f->side]);
    assert_null(campaign_create(work, &draft, &id));
    assert_null(campaign_publish(work, id));
}

static void take_part(struct story *story, const struct furnishing *f)
{
    static const char *const headers[] = {"Accept: application/json",
                                          "Content-Type: application/x-www-form-urlencoded", NULL};
    for (int i = 0; i < f->people; i++) {
        const char *email = mem_printf(story->mem, "%s%d@example.org", f->slug, i);
        const char *token = guest_comes(story, f->slug, email, "") + strlen("/sign-ups/");
        const char *path = mem_printf(story->mem, "/campaigns/%s/reports", f->slug);
        const char *form = mem_printf(story->mem, "token=%s&quantity=5&note=", token);
        if (features_have(&reports_feature))
            assert_int_equal(story_send(story, "POST", path, headers, form).status, 201);
    }
}

static void add_factors(struct work *work, void *context)
{
    (void)context;
    for (int side = SIDE_HERE; features_have(&factors_feature) && side <= SIDE_THERE; side++)
        tx_do(work->tx,
              "INSERT INTO factor (id, community_id, handle, name, basis, label_fr, label_en,"
              " per_fr, per_en, unit_fr, unit_en, value_low, value_high, scope_fr, scope_en, "
              "source, url,"
              " version, year, read_on, licence, valid_from, ended_at, ended)"
              " VALUES (?1, ?2, ?3, 'own', 'quantity', 'a', 'a', 'b', 'b', 'c', 'c', 1, 2, '', '', "
              "'s',"
              " '', '', 2026, '2026-11', '', 0, 0, '')",
              work_new_id(work), community_find(work, world_hosts[side])->id.n,
              work_new_handle(work, 12));
}

static void invite(struct work *work, void *context)
{
    static const char *const slugs[] = {"haie", "autre", "loin"};
    (void)context;
    for (size_t i = 0; features_have(&team_feature) && i < sizeof slugs / sizeof *slugs; i++)
        tx_do(work->tx,
              "INSERT INTO invitation (id, campaign_id, handle, token_hash, email, invited_by,"
              " created_at, expires_at, accepted_at) SELECT ?1, c.id, ?2, ?2, 'x@example.org',"
              " p.id, ?3, ?3 + 86400, 0 FROM campaign c, person p"
              " WHERE c.slug = ?4 AND p.email = 'nadia@example.org'",
              work_new_id(work), work_new_handle(work, 12), work->now, slugs[i]);
}

/* A message that went out, in each campaign. */
static void write_messages(struct work *work, void *context)
{
    static const char *const slugs[] = {"haie", "autre", "loin"};
    (void)context;
    for (size_t i = 0; features_have(&messages_feature) && i < sizeof slugs / sizeof *slugs; i++)
        tx_do(work->tx,
              "INSERT INTO campaign_message (id, community_id, campaign_id, session_id, handle,"
              " author_id, subject, body, body_html, state, sent_at, mails)"
              " SELECT ?1, c.community_id, c.id, 0, ?2, 0, 's', 'b', '<p>b</p>', 'sent', ?3, 0"
              " FROM campaign c WHERE c.slug = ?4",
              work_new_id(work), work_new_handle(work, 12), work->now, slugs[i]);
}

/* A job that has stopped, in each community. */
static void park_jobs(struct work *work, void *context)
{
    (void)context;
    for (int side = SIDE_HERE; side <= SIDE_THERE; side++)
        tx_do(work->tx,
              "INSERT INTO job (id, community_id, kind, object_id, cursor, due_at, leased_until,"
              " attempts, parked_at) VALUES (?1, ?2, 'signups.past', ?1, 0, ?3, 0, 8, ?3)",
              work_new_id(work), community_find(work, world_hosts[side])->id.n, work->now);
}

/* A role that waits for somebody, in each community. */
static void offer_roles(struct work *work, void *context)
{
    (void)context;
    for (int side = SIDE_HERE; side <= SIDE_THERE; side++) {
        work->community = community_find(work, world_hosts[side]);
        role_offer(work, "x@example.org", ROLE_FACILITATOR);
    }
}

struct arrival {
    const struct actor *actor;
    char token[LOGIN_TOKEN_CHARS + 1];
};

static void arrive(struct work *work, void *context)
{
    struct arrival *arrival = context;
    const struct actor *actor = arrival->actor;
    work->community = community_find(work, world_hosts[actor->side]);
    struct person_id person = person_add(work, actor->email, actor->who, "fr");
    membership_raise(work, person, actor->role);
    if (actor->organises)
        campaign_add_organiser(work, campaign_get_by_slug(work, actor->organises)->id, person);
    login_new(work, person, "another browser");
    snprintf(arrival->token, sizeof arrival->token, "%s", login_new(work, person, ""));
}

void world_make(struct world *world)
{
    static const struct furnishing furnishings[] = {
        {SIDE_HERE, "haie", 1}, {SIDE_HERE, "autre", 2}, {SIDE_THERE, "loin", 3}};
    void *state = NULL;
    assert_int_equal(story_setup(&state), 0);
    struct story *story = world->story = state;
    story->sweeps = false; /* the stories of each page do that */
    story_write(story, found_quarter, NULL);
    for (size_t i = 0; i < sizeof furnishings / sizeof *furnishings; i++) {
        struct furnishing f = furnishings[i];
        story_write(story, furnish, &f);
        story->host = world_hosts[f.side];
        take_part(story, &f);
    }
    story_write(story, add_factors, NULL);
    for (int i = 0; i < ACTORS; i++) {
        struct arrival arrival = {.actor = &actors[i]};
        if (!actors[i].email)
            continue;
        story_write(story, arrive, &arrival);
        world->cookies[i] = mem_printf(story->mem, "login=%s", arrival.token);
    }
    story_write(story, write_messages, NULL);
    story_write(story, invite, NULL);
    story_write(story, park_jobs, NULL);
    story_write(story, offer_roles, NULL);
}
