/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stories of the list: states, search, and pages that neither lose nor repeat a campaign. */
#include "story/story.h"

#include <string.h>

#include "base/mem.h"
#include "base/time.h"
#include "features/campaigns/campaigns_local.h"
#include "main/program.h"
#include "story/make_campaigns.h"
#include "sys/clock.h"

#define DAYS(n) ((int64_t)(n)*DAY_SECONDS)

static int count_of(const char *text, const char *part)
{
    int count = 0;
    for (const char *at = strstr(text, part); at; at = strstr(at + 1, part))
        count++;
    return count;
}

static int found(struct story *story, const char *target)
{
    struct answer answer = story_get_json(story, target);
    assert_int_equal(answer.status, 200);
    return count_of(answer.body, "\"slug\":");
}

static void make_named(struct story *story, const char *slug, const char *title,
                       int64_t closes_after)
{
    struct campaign_draft draft = make_draft(slug, title);
    draft.campaign.closes_at = STORY_STARTS_AT + closes_after;
    make_campaign(story, &draft);
}

static void a_list_has_all_public_states_and_its_filters(void **state)
{
    struct story *story = *state;
    make_named(story, "ouverte", "Ouverte", DAYS(7));
    make_named(story, "manquee", "Manquée", DAYS(1));
    struct campaign_draft draft = make_draft("bientot", "Bientôt");
    draft.campaign.opens_at = STORY_STARTS_AT + DAYS(3);
    make_campaign(story, &draft);
    story_wait(story, DAYS(1));
    assert_int_equal(found(story, "/campaigns"), 3);
    struct answer answer = story_get_json(story, "/campaigns?state=open");
    assert_string_equal(answer_text(answer, "items.0.slug"), "ouverte");
    assert_true(answer_is_null(answer, "next"));
    assert_int_equal(found(story, "/campaigns?state=missed"), 1);
    assert_int_equal(found(story, "/campaigns?state=scheduled,missed"), 2);
    assert_int_equal(found(story, "/campaigns?state=reported"), 0);
}

static void open_includes_reached_while_places_are_left(void **state)
{
    struct story *story = *state;
    struct session session = make_session("2026-11-28T14:00:00", "2026-11-28T16:00:00", 3);
    struct campaign_draft draft = make_draft("une-haie", "Une haie");
    draft.sessions = &session;
    draft.campaign.minimum = 2;
    make_campaign(story, &draft);
    make_participants(story, "une-haie", "anne@example.org", 2);
    assert_int_equal(found(story, "/campaigns?state=reached"), 1);
    assert_int_equal(found(story, "/campaigns?state=open"), 1);
    make_participants(story, "une-haie", "paul@example.org", 1);
    assert_int_equal(found(story, "/campaigns?state=open"), 0);
    assert_int_equal(found(story, "/campaigns?state=reached"), 1);
    story->accept_language = "en";
    assert_true(answer_says(story_get(story, "/campaigns"), "<span>Full</span>"));
    struct answer page = story_get(story, "/campaigns/une-haie");
    assert_true(answer_says(page, "All places are taken."));
    assert_false(answer_says(page, "href=\"#sign-up\""));
}

static void a_state_that_is_none_or_not_public_is_refused(void **state)
{
    struct story *story = *state;
    assert_int_equal(story_get(story, "/campaigns?state=opened").status, 400);
    assert_int_equal(story_get(story, "/campaigns?state=draft").status, 400);
    assert_int_equal(story_get(story, "/campaigns?state=open,submitted").status, 400);
}

static void a_key_that_is_none_is_refused(void **state)
{
    struct story *story = *state;
    static const char *const keys[] = {"x", "1-2", "1-2-", "1-0-slug", "a-2-slug", "1--slug"};
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        const char *target = mem_printf(story->mem, "/campaigns?after=%s", keys[i]);
        assert_int_equal(story_get(story, target).status, 400);
    }
}

static void words_are_found_without_accents_by_their_beginning_and_by_their_stem(void **state)
{
    struct story *story = *state;
    make_named(story, "ecole", "Repeindre l’école des Tilleuls", DAYS(7));
    make_named(story, "arbres", "Des arbres plantés ensemble", DAYS(7));
    assert_int_equal(found(story, "/campaigns?q=ecole"), 1);
    assert_int_equal(found(story, "/campaigns?q=%C3%89COLES"), 1);
    assert_int_equal(found(story, "/campaigns?q=till"), 1);
    assert_int_equal(found(story, "/campaigns?q=planter"), 1);
    assert_int_equal(found(story, "/campaigns?q=planter%20des%20arbres"), 1);
    assert_int_equal(found(story, "/campaigns?q=repeindre%20de%20arbres"), 0);
    assert_int_equal(found(story, "/campaigns?q=crest"), 2);
    assert_int_equal(found(story, "/campaigns?q=cr"), 2);
    assert_int_equal(found(story, "/campaigns?q=c"), 0); /* it says nothing */
    assert_true(answer_says(story_get(story, "/campaigns?q=c"), "deux lettres ou plus"));
    assert_int_equal(found(story, "/campaigns?q=piscine"), 0);
    assert_int_equal(found(story, "/campaigns?q=%25"), 0); /* no word at all */
    assert_int_equal(found(story, "/campaigns?q=arbres&state=missed"), 0);
}

static void a_search_without_a_find_says_so(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    struct answer page = story_get(story, "/campaigns?q=%3Cpiscine%3E&state=open");
    assert_true(answer_says(page, "No campaign was found for “&lt;piscine&gt;”."));
    assert_true(answer_says(page, "value=\"&lt;piscine&gt;\""));
    assert_true(answer_says(page, "name=\"state\" value=\"open\""));
}

static void make_many(struct story *story)
{
    story->sweeps = false;
    for (int i = 0; i < 25; i++)
        make_named(story, mem_printf(story->mem, "a-venir-%02d", i),
                   mem_printf(story->mem, "À venir %02d", i), DAYS(5) + i / 2);
    for (int i = 0; i < 20; i++)
        make_named(story, mem_printf(story->mem, "passee-%02d", i),
                   mem_printf(story->mem, "Passée %02d", i), DAYS(1) + i / 2);
    story_wait(story, DAYS(2));
}

/* Reads all pages from the first one on; all 45 must be there once, in one order. */
static void walk(struct story *story, int64_t pause)
{
    int pages = 0;
    int items = 0;
    struct answer answer = story_get_json(story, "/campaigns");
    const char *all = "";
    for (;; pages++) {
        items += count_of(answer.body, "\"slug\":");
        all = mem_printf(story->mem, "%s%s", all, answer.body);
        if (answer_is_null(answer, "next"))
            break;
        story_wait(story, pause);
        const char *next = answer_text(answer, "next");
        answer = story_get_json(story, mem_printf(story->mem, "/campaigns?after=%s", next));
    }
    assert_int_equal(pages, 2);
    assert_int_equal(items, 45);
    for (int i = 0; i < 25; i++)
        assert_int_equal(count_of(all, mem_printf(story->mem, "\"slug\":\"a-venir-%02d\"", i)), 1);
    for (int i = 0; i < 20; i++)
        assert_int_equal(count_of(all, mem_printf(story->mem, "\"slug\":\"passee-%02d\"", i)), 1);
}

static void pages_of_a_list_neither_lose_nor_repeat(void **state)
{
    struct story *story = *state;
    make_many(story);
    struct answer first = story_get_json(story, "/campaigns");
    assert_string_equal(answer_text(first, "items.0.slug"), "a-venir-00");
    assert_string_equal(answer_text(first, "items.19.slug"), "a-venir-19");
    walk(story, 0);
}

static void a_deadline_that_passes_between_two_pages_moves_nothing(void **state)
{
    struct story *story = *state;
    make_many(story);
    walk(story, DAYS(4));
}

static void the_page_leads_to_the_next_one_without_a_script(void **state)
{
    struct story *story = *state;
    make_many(story);
    struct answer page = story_get(story, "/campaigns?state=missed,open&q=venir");
    const char *link = strstr(page.body, "/campaigns?state=missed%2Copen&amp;q=venir&amp;after=");
    assert_non_null(link);
    const char *end = strchr(link, '"');
    const char *after = strstr(link, "after=");
    const char *target = mem_printf(story->mem, "/campaigns?state=missed,open&q=venir&%.*s",
                                    (int)(end - after), after);
    struct answer next = story_get(story, target);
    assert_int_equal(next.status, 200);
    assert_int_equal(count_of(next.body, "<li class=\"card\">"), 5);
}

/* How often a page asks the database: the sweep fails each of its calls once. */
static int64_t calls(struct story *story, const char *target, bool in_json)
{
    int64_t before = story->sweep_requests;
    struct answer answer = in_json ? story_get_json(story, target) : story_get(story, target);
    assert_int_equal(answer.status, 200);
    return story->sweep_requests - before;
}

/* Campaigns whose cards tell how many places are left. */
static void make_reached(struct story *story, int from, int to)
{
    struct session session = make_session("2026-11-28T14:00:00", "2026-11-28T16:00:00", 9);
    for (int i = from; i < to; i++) {
        struct campaign_draft draft =
            make_draft(mem_printf(story->mem, "haie-%02d", i), "Une haie ensemble");
        draft.sessions = &session;
        draft.campaign.minimum = 1;
        make_campaign(story, &draft);
        make_participants(story, draft.campaign.slug, "anne@example.org", 1);
    }
}

static void more_campaigns_do_not_ask_the_database_more_often(void **state)
{
    struct story *story = *state;
    static const char *const targets[] = {"/", "/campaigns"};
    int64_t few[2][2];
    make_reached(story, 0, 2);
    for (int i = 0; i < 4; i++)
        few[i / 2][i % 2] = calls(story, targets[i / 2], i % 2);
    make_reached(story, 2, 20);
    assert_int_equal(found(story, "/campaigns"), 20);
    for (int i = 0; i < 4; i++)
        assert_true(calls(story, targets[i / 2], i % 2) <= few[i / 2][i % 2]);
}

static void each_campaign_of_a_list_has_its_own_sessions(void **state)
{
    struct story *story = *state;
    struct session late = make_session("2026-12-05T14:00:00", "2026-12-05T16:00:00", 20);
    struct session early = make_session("2026-11-28T14:00:00", "2026-11-28T16:00:00", 30);
    late.next = &early;
    struct campaign_draft draft = make_draft("deux-dates", "Deux dates");
    draft.sessions = &late;
    make_campaign(story, &draft);
    make_named(story, "sans-date", "Sans date", DAYS(7) + HOUR_SECONDS);
    draft = make_draft("une-date", "Une date");
    draft.sessions = &early;
    draft.campaign.closes_at += 2 * HOUR_SECONDS;
    make_campaign(story, &draft);
    struct answer list = story_get_json(story, "/campaigns");
    assert_string_equal(answer_text(list, "items.0.slug"), "deux-dates");
    assert_int_equal(answer_int(list, "items.0.sessions.0.left"), 30);
    assert_int_equal(answer_int(list, "items.0.sessions.1.left"), 20);
    assert_true(answer_says(list, "\"sessions\":[]"));
    assert_string_equal(answer_text(list, "items.2.slug"), "une-date");
    assert_int_equal(answer_int(list, "items.2.sessions.0.left"), 30);
    assert_int_equal(count_of(list.body, "\"starts_at\":"), 3);
}

static void a_page_of_campaigns_with_all_their_sessions_is_not_too_long(void **state)
{
    struct story *story = *state;
    story->sweeps = false;
    struct session sessions[SESSIONS_MAX];
    for (int i = 0; i < SESSIONS_MAX; i++) {
        sessions[i] = make_session("2026-11-28T14:00:00", "2026-11-28T16:00:00", 20);
        sessions[i].next = i > 0 ? &sessions[i - 1] : NULL;
    }
    for (int i = 0; i < 20; i++) {
        struct campaign_draft draft =
            make_draft(mem_printf(story->mem, "haie-%02d", i), "Une haie ensemble");
        draft.sessions = &sessions[SESSIONS_MAX - 1];
        make_campaign(story, &draft);
    }
    struct answer list = story_get_json(story, "/campaigns");
    assert_int_equal(list.status, 200);
    assert_int_equal(count_of(list.body, "\"starts_at\":"), 20 * SESSIONS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(a_list_has_all_public_states_and_its_filters),
        story_test(open_includes_reached_while_places_are_left),
        story_test(a_state_that_is_none_or_not_public_is_refused),
        story_test(a_key_that_is_none_is_refused),
        story_test(words_are_found_without_accents_by_their_beginning_and_by_their_stem),
        story_test(a_search_without_a_find_says_so),
        story_test(pages_of_a_list_neither_lose_nor_repeat),
        story_test(a_deadline_that_passes_between_two_pages_moves_nothing),
        story_test(the_page_leads_to_the_next_one_without_a_script),
        story_test(more_campaigns_do_not_ask_the_database_more_often),
        story_test(each_campaign_of_a_list_has_its_own_sessions),
        story_test(a_page_of_campaigns_with_all_their_sessions_is_not_too_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
