/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stories of a campaign's team: who leads it invites others, who say yes with their own account. */
#include "story/story.h"

#include <string.h>

#include "base/mem.h"
#include "core/people/people.h"
#include "features/team/team_local.h"
#include "story/make_campaigns.h"
#include "story/make_sign_ups.h"
#include "sys/mail.h"
#include "web/community.h"
#include "web/feature.h"
#include "web/work.h"

#define ANNE "anne@example.org"
#define BEN "ben@example.org"
#define TEAM "/campaigns/haie/organise/team"

static void make_anne_lead(struct work *work, void *context)
{
    (void)context;
    struct person_id anne = person_get_by_email(work, ANNE)->id;
    campaign_add_organiser(work, campaign_get_by_slug(work, "haie")->id, anne);
}

/* Anne leads "haie", and is signed in. */
static void anne_leads(struct story *story)
{
    make_hedge(story, 10);
    story_sign_in(story, ANNE);
    story_write(story, make_anne_lead, NULL);
}

static struct answer invites(struct story *story, const char *email)
{
    return story_post(story, TEAM, mem_printf(story->mem, "email=%s", email));
}

/* Ben's invitation, as a path. */
static const char *anne_invites_ben(struct story *story)
{
    anne_leads(story);
    assert_int_equal(invites(story, BEN).status, 303);
    return story_mail_path(story, BEN, "/invitations/");
}

/* The path of the first form on the page whose action ends so. */
static const char *form_of(struct story *story, const char *end)
{
    const char *page = story_get(story, TEAM).body;
    const char *at = strstr(page, mem_printf(story->mem, "/%s\"", end));
    assert_non_null(at);
    const char *start = at;
    while (*start != '"')
        start--;
    return mem_strndup(story->mem, start + 1, (size_t)(at - start) + strlen(end));
}

static void who_is_invited_leads_with_the_same_rights(void **state)
{
    struct story *story = *state;
    const char *link = anne_invites_ben(story);
    assert_string_equal(answer_text(story_get_json(story, TEAM), "invitations.0.email"), BEN);
    story_sign_in(story, BEN);
    assert_int_equal(story_get(story, TEAM).status, 404);
    assert_true(answer_says(story_get(story, link), BEN));
    struct answer answer = story_post(story, link, "");
    assert_string_equal(answer.location, "/campaigns/haie/organise");
    assert_string_equal(answer_text(story_get_json(story, TEAM), "organisers.1.email"), BEN);
    assert_int_equal(invites(story, "zoe@example.org").status, 303);
}

static void an_invitation_leads_to_the_sign_in_and_back(void **state)
{
    struct story *story = *state;
    const char *link = anne_invites_ben(story);
    story_sign_out(story);
    struct answer page = story_get(story, link);
    assert_true(answer_says(page, "/sign-in?next=%2Finvitations\""));
    assert_int_equal(story_post(story, link, "").status, 401);
    const char *kept = mem_strndup(story->mem, page.cookies, strcspn(page.cookies, ";"));
    story_sign_in(story, BEN);
    const char *login = story->cookie;
    story->cookie = mem_printf(story->mem, "%s; %s", login, kept);
    assert_string_equal(story_get(story, "/invitations").location, link);
    story->cookie = login; /* another browser */
    assert_string_equal(story_get(story, "/invitations").location, "/account");
}

static void of_the_invitations_of_who_left_none_holds(void **state)
{
    struct story *story = *state;
    story->sweeps = false;
    const char *link = anne_invites_ben(story);
    story_sign_in(story, BEN);
    story_post(story, link, "");
    story_sign_in(story, ANNE);
    invites(story, "zoe@example.org");
    const char *zoe = story_mail_path(story, "zoe@example.org", "/invitations/");
    assert_int_equal(story_post(story, form_of(story, "remove"), "").status, 303); /* herself */
    story_sign_in(story, BEN);
    assert_true(answer_says(story_get_json(story, TEAM), "\"invitations\":[]"));
    story_write(story, make_anne_lead, NULL); /* again: what she sent before stays ended */
    story_sign_in(story, "zoe@example.org");
    assert_int_equal(story_get(story, zoe).status, 404);
    assert_int_equal(story_post(story, zoe, "").status, 404);
}

static void suspend_anne(struct work *work, void *context)
{
    (void)context;
    membership_suspend(work, person_get_by_email(work, ANNE)->id, true);
}

static void nor_of_those_of_who_is_suspended(void **state)
{
    struct story *story = *state;
    const char *link = anne_invites_ben(story);
    story_write(story, suspend_anne, NULL);
    story_sign_in(story, BEN);
    assert_int_equal(story_post(story, link, "").status, 404);
}

static void an_invitation_works_once(void **state)
{
    struct story *story = *state;
    const char *link = anne_invites_ben(story);
    story_sign_in(story, BEN);
    assert_int_equal(story_post(story, link, "").status, 303);
    story_sign_in(story, "eve@example.org");
    assert_int_equal(story_get(story, link).status, 404);
    assert_int_equal(story_post(story, link, "").status, 404);
    assert_int_equal(story_get(story, TEAM).status, 404);
}

static void an_invitation_lives_two_weeks(void **state)
{
    struct story *story = *state;
    story->sweeps = false;
    const char *link = anne_invites_ben(story);
    story_wait(story, INVITATION_SECONDS);
    story_sign_in(story, BEN);
    assert_int_equal(story_post(story, link, "").status, 404);
}

static void an_invitation_is_withdrawn(void **state)
{
    struct story *story = *state;
    const char *link = anne_invites_ben(story);
    const char *path = form_of(story, "withdraw");
    assert_int_equal(story_post(story, path, "").status, 303);
    assert_int_equal(story_post(story, path, "").status, 404);
    story_sign_in(story, BEN);
    assert_int_equal(story_post(story, link, "").status, 404);
}

static void inviting_again_voids_the_link_before(void **state)
{
    struct story *story = *state;
    const char *first = anne_invites_ben(story);
    assert_int_equal(invites(story, "Ben@Example.org").status, 303);
    const char *second = story_mail_path(story, BEN, "/invitations/");
    story_sign_in(story, BEN);
    assert_int_equal(story_post(story, first, "").status, 404);
    assert_int_equal(story_post(story, second, "").status, 303);
}

static void a_campaign_keeps_one_who_leads_it(void **state)
{
    struct story *story = *state;
    anne_leads(story);
    assert_null(strstr(story_get(story, TEAM).body, "/remove\""));
    const char *link = (invites(story, BEN), story_mail_path(story, BEN, "/invitations/"));
    story_sign_in(story, BEN);
    story_post(story, link, "");
    const char *anne = form_of(story, "remove"); /* the first of the list */
    assert_int_equal(story_post(story, anne, "").status, 303);
    assert_int_equal(story_post(story, anne, "").status, 404);
    story_sign_in(story, ANNE);
    assert_int_equal(story_get(story, TEAM).status, 404);
    story_sign_in_as(story, "chef@example.org", ROLE_ADMINISTRATOR);
    story_post(story, TEAM, "email=" ANNE);
    link = story_mail_path(story, ANNE, "/invitations/");
    story_sign_in(story, ANNE);
    story_post(story, link, "");
    const char *ben = form_of(story, "remove");
    story_post(story, ben, "");
    /* now Anne is alone: what the page no longer offers is refused as well */
    const char *own = mem_printf(story->mem, "%s/%s/remove", TEAM, "000000000000");
    assert_int_equal(story_post(story, own, "").status, 404);
}

static void own_handle(struct work *work, void *context)
{
    const struct campaign *campaign = campaign_get_by_slug(work, "haie");
    struct person_id anne = person_get_by_email(work, ANNE)->id;
    snprintf(context, 40, "%s", team_handle(work, campaign->id, anne));
}

static void the_last_one_cannot_leave(void **state)
{
    struct story *story = *state;
    char handle[40];
    anne_leads(story);
    story_write(story, own_handle, handle);
    const char *path = mem_printf(story->mem, "%s/%s/remove", TEAM, handle);
    struct answer answer = story_post(story, path, "");
    assert_int_equal(answer.status, 409);
    assert_true(answer_says(answer, "quelqu’un qui la mène"));
    assert_int_equal(story_get(story, TEAM).status, 200);
}

static void who_leaves_is_led_to_their_own_page(void **state)
{
    struct story *story = *state;
    char handle[40];
    const char *link = anne_invites_ben(story);
    story_sign_in(story, BEN);
    story_post(story, link, "");
    story_sign_in(story, ANNE);
    story_write(story, own_handle, handle);
    struct answer answer =
        story_post(story, mem_printf(story->mem, "%s/%s/remove", TEAM, handle), "");
    assert_string_equal(answer.location, "/account");
}

static void a_bad_address_is_told_beside_its_field(void **state)
{
    struct story *story = *state;
    anne_leads(story);
    struct answer answer = invites(story, "ben");
    assert_int_equal(answer.status, 422);
    assert_true(answer_says(answer, "value=\"ben\""));
}

static void invitations_have_a_bound(void **state)
{
    struct story *story = *state;
    story->sweeps = false;
    anne_leads(story);
    for (int i = 1; i < CAMPAIGN_ORGANISERS_MAX; i++)
        assert_int_equal(invites(story, mem_printf(story->mem, "p%d@example.org", i)).status, 303);
    struct answer answer = invites(story, BEN);
    assert_int_equal(answer.status, 409);
    assert_true(answer_says(answer, BEN));
}

static void mails_to_others_have_a_bound(void **state)
{
    struct story *story = *state;
    story->sweeps = false;
    anne_leads(story);
    for (int i = 0; i < INVITATIONS_PER_DAY_MAX; i++) /* each replaces the last */
        assert_int_equal(invites(story, BEN).status, 303);
    assert_int_equal(invites(story, BEN).status, 429);
    story_wait(story, DAY_SECONDS);
    assert_int_equal(invites(story, BEN).status, 303);
}

static void nobody_else_sees_or_changes_a_team(void **state)
{
    struct story *story = *state;
    anne_invites_ben(story);
    story_sign_in(story, "eve@example.org");
    assert_int_equal(story_get(story, TEAM).status, 404);
    assert_int_equal(invites(story, "eve@example.org").status, 404);
    story_sign_out(story);
    assert_int_equal(story_get(story, TEAM).status, 303);
    assert_int_equal(invites(story, "eve@example.org").status, 401);
}

static void forget_ben(struct work *work, void *context)
{
    (void)context;
    feature_forget_person(work, BEN);
}

static void who_is_forgotten_is_invited_no_more(void **state)
{
    struct story *story = *state;
    const char *link = anne_invites_ben(story);
    story_sign_in(story, BEN);
    story_post(story, link, "");
    story_write(story, forget_ben, NULL);
    story_sign_in(story, ANNE);
    assert_false(answer_says(story_get(story, TEAM), BEN));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(who_is_invited_leads_with_the_same_rights),
        story_test(an_invitation_leads_to_the_sign_in_and_back),
        story_test(of_the_invitations_of_who_left_none_holds),
        story_test(nor_of_those_of_who_is_suspended),
        story_test(an_invitation_works_once),
        story_test(an_invitation_lives_two_weeks),
        story_test(an_invitation_is_withdrawn),
        story_test(inviting_again_voids_the_link_before),
        story_test(a_campaign_keeps_one_who_leads_it),
        story_test(the_last_one_cannot_leave),
        story_test(who_leaves_is_led_to_their_own_page),
        story_test(a_bad_address_is_told_beside_its_field),
        story_test(invitations_have_a_bound),
        story_test(mails_to_others_have_a_bound),
        story_test(nobody_else_sees_or_changes_a_team),
        story_test(who_is_forgotten_is_invited_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
