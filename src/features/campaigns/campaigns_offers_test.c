/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What each page of a campaign offers to who leads it, in each of its states: one table, and a walk
 * along every link of the organiser's page. */
#include "features/campaigns/campaigns.h"

#include <string.h>

#include "base/mem.h"
#include "base/time.h"
#include "story/make_campaigns.h"
#include "story/make_organisers.h"
#include "story/make_sign_ups.h"

#define HEDGE "/campaigns/haie"
#define ANNE "anne@example.org"

/* A letter for each state; a missed campaign can be extended for a week. */
enum {
    DRAFT = 'd',
    SUBMITTED = 's',
    SCHEDULED = 'w',
    OPEN = 'o',
    REACHED = 'r',
    UNDER_WAY = 'u',
    REPORTED = 'e',
    MISSED = 'm',
    LONG_MISSED = 'M',
    CANCELLED = 'c',
};
#define ALL "dsworuemMc"
#define PUBLIC "woruemMc"
#define LEFT_OFF "mMc" /* it does not take place */

static const struct offer {
    const char *page;
    const char *says;
    const char *states; /* in which it does */
} offers[] = {
    {"/organise", "\"/campaigns/haie/edit\"", ALL},
    {"/organise", ">Its texts\n<", "emMc"},
    {"/organise", "\"/campaigns/haie/publish\"", "d"},
    {"/organise", "\"/campaigns/haie/cancel\"", "woru"},
    {"/organise", "\"/campaigns/haie/extend\"", "om"},
    {"/organise", "It was missed. For a week you can extend it", "m"},
    {"/organise", "Nothing any more: it is over.", "eMc"},
    {"/organise", "id=\"share\"", "or"},
    {"/organise", "\"/campaigns/haie/organise/people\"", PUBLIC},
    {"/organise", "\"/campaigns/haie/organise/people/new\"", "oru"},
    {"/organise", "\"/campaigns/haie/organise/list?", "worue"},
    {"/organise", "\"/campaigns/haie/organise/result\"", "ue"},
    {"/organise", "\"/campaigns/haie/result\"", "ue"},
    {"/organise", "had said yes, and are free again", LEFT_OFF},
    {"/organise", "3 people are in", "orue"},
    {"/organise", "New sign-ups", "or"},
    {"", "\"/campaigns/haie/screen\"", "worue"},
    {"", "\"/campaigns/haie/edit\"", ALL},
    {"", "\"/campaigns/haie/result\"", "ue"},
    {"/screen", "Scan it, and come along!", "or"},
    {"/screen", "to go</strong>", "o"},
    {"/screen", "This campaign was cancelled", "c"},
    {"/screen", "This time there were not enough of us.", "mM"},
    {"/organise/people", "\"/campaigns/haie/organise/people/new\"", "oru"},
    {"/organise/result", "\"/campaigns/haie/organise/done\"", "u"},
    {"/organise/result", "You can close it here once it is under way", "dswor"},
    {"/organise/result", "name=\"claim\"", "dsworue"},
    {"/organise/result", "so there is nothing to close", LEFT_OFF},
    {"/edit", "value=\"sessions\"", "dsworu"},
    {"/edit", "Everybody can see this campaign.", "woru"},
    {"/edit", "Its texts can still be put right", "emMc"},
    {"/edit", "\"/campaigns/haie/publish\"", "d"},
    {"/publish", "name=\"when\"", "d"},
    {"/cancel", "name=\"reason\"", "woru"},
    {"/extend", "name=\"closes\"", "om"},
};

/* Nadia leads it, and is signed in; Anne has come with two others where anybody could. Sign-ups
 * close on Saturday the 28th at nine, and it takes place on Sunday afternoon. */
static void make_in(struct story *story, int state)
{
    bool is_enough = strchr("ruec", state) != NULL;
    struct session session = make_session("2026-11-29T14:00:00", "2026-11-29T16:00:00", 20);
    struct campaign_draft draft = make_draft("haie", "Une haie ensemble");
    draft.sessions = &session;
    draft.campaign.minimum = is_enough ? 3 : 10;
    if (state == SCHEDULED)
        draft.campaign.opens_at += DAY_SECONDS;
    bool is_public = state != DRAFT && state != SUBMITTED;
    nadia_leads(story, is_public ? make_campaign(story, &draft) : make_unpublished(story, &draft));
    if (state == SUBMITTED)
        story_post(story, HEDGE "/publish", "when=now");
    if (is_public && state != SCHEDULED)
        guest_comes(story, "haie", ANNE, "party=3");
    if (state == UNDER_WAY || state == REPORTED)
        story_wait(story, 8 * DAY_SECONDS + 6 * HOUR_SECONDS);
    if (state == REPORTED)
        story_post(story, HEDGE "/organise/done", "sure=true");
    if (state == MISSED || state == LONG_MISSED)
        story_wait(story, 7 * DAY_SECONDS + HOUR_SECONDS);
    if (state == LONG_MISSED)
        story_wait(story, 8 * DAY_SECONDS);
    if (state == CANCELLED)
        story_post(story, HEDGE "/cancel", "reason=Vent");
}

static void assert_offers(struct story *story, int state)
{
    for (size_t i = 0; i < sizeof offers / sizeof *offers; i++) {
        const struct offer *offer = &offers[i];
        struct answer page = story_get(story, mem_printf(story->mem, HEDGE "%s", offer->page));
        bool expected = strchr(offer->states, state) != NULL;
        bool is_there = page.status == 200 && answer_says(page, offer->says);
        if (is_there != expected)
            fail_msg("%s in state %c: %s %s", offer->page, state, expected ? "without" : "with",
                     offer->says);
    }
}

/* Each link of the organiser's page leads somewhere. */
static void assert_links_lead_on(struct story *story, int state)
{
    static const char href[] = "href=\"" HEDGE;
    struct answer page = story_get(story, HEDGE "/organise");
    int links = 0;
    for (const char *at = page.body; (at = strstr(at, href)); at++, links++) {
        const char *from = at + strlen("href=\"");
        const char *path = mem_strndup(story->mem, from, strcspn(from, "\"#&"));
        if (story_get(story, path).status != 200)
            fail_msg("state %c: %s leads nowhere", state, path);
    }
    assert_true(links >= 3);
}

static void look_at(struct story *story, int state)
{
    static const char *const names = "draft submitted scheduled open reached under_way reported "
                                     "missed missed cancelled";
    story->sweeps = false; /* other stories do that */
    story->accept_language = "en";
    make_in(story, state);
    const char *name = answer_text(story_get_json(story, HEDGE "/organise"), "state");
    const char *at = names;
    for (const char *letter = ALL; *letter != state; letter++)
        at = strchr(at, ' ') + 1;
    assert_memory_equal(name, at, strlen(name));
    assert_offers(story, state);
    assert_links_lead_on(story, state);
}

#define OFFERS_OF(state, name)                                                                     \
    static void name(void **story)                                                                 \
    {                                                                                              \
        look_at(*story, state);                                                                    \
    }
OFFERS_OF(DRAFT, a_draft_offers_to_be_published)
OFFERS_OF(SUBMITTED, a_submitted_one_offers_to_wait)
OFFERS_OF(SCHEDULED, a_scheduled_one_offers_to_be_cancelled)
OFFERS_OF(OPEN, an_open_one_offers_everything_that_brings_people)
OFFERS_OF(REACHED, a_reached_one_offers_no_extension)
OFFERS_OF(UNDER_WAY, one_that_is_under_way_offers_to_be_closed)
OFFERS_OF(REPORTED, a_reported_one_offers_its_result)
OFFERS_OF(MISSED, a_missed_one_offers_an_extension)
OFFERS_OF(LONG_MISSED, a_week_later_it_offers_its_texts_alone)
OFFERS_OF(CANCELLED, a_cancelled_one_promises_nothing)

/* A missed campaign of which nobody could come any more, and an open one that lasts as long. */
static void there_is_no_extension_beyond_the_last_session(void **state)
{
    struct story *story = *state;
    story->sweeps = false;
    story->accept_language = "en";
    make_in(story, OPEN);
    struct answer sessions = story_get_json(story, HEDGE "/edit/sessions");
    const char *path =
        mem_printf(story->mem, HEDGE "/edit/sessions/%s", answer_text(sessions, "items.0.id"));
    const char *form =
        "starts=2026-11-28T08:00&ends=2026-11-28T09:00&time_zone=Europe/Paris&sure=true";
    assert_int_equal(story_post(story, path, form).status, 303);
    assert_false(answer_says(story_get(story, HEDGE "/organise"), HEDGE "/extend"));
    assert_true(answer_says(story_get(story, HEDGE "/extend"), "Move that session"));
    assert_int_equal(story_post(story, HEDGE "/extend", "closes=2026-11-30T09:00").status, 409);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(a_draft_offers_to_be_published),
        story_test(a_submitted_one_offers_to_wait),
        story_test(a_scheduled_one_offers_to_be_cancelled),
        story_test(an_open_one_offers_everything_that_brings_people),
        story_test(a_reached_one_offers_no_extension),
        story_test(one_that_is_under_way_offers_to_be_closed),
        story_test(a_reported_one_offers_its_result),
        story_test(a_missed_one_offers_an_extension),
        story_test(a_week_later_it_offers_its_texts_alone),
        story_test(a_cancelled_one_promises_nothing),
        story_test(there_is_no_extension_beyond_the_last_session),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
