/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stories of publishing: now or at a time, what a campaign needs first, and where its community
 * wants that, a facilitator's approval before. */
#include "features/campaigns/campaigns.h"

#include <string.h>

#include "base/mem.h"
#include "base/time.h"
#include "core/communities/communities.h"
#include "core/people/people.h"
#include "main/program.h"
#include "story/make_campaigns.h"
#include "story/make_sign_ups.h"
#include "sys/db.h"
#include "sys/mail.h"
#include "web/work.h"

#define NADIA "nadia@example.org" /* who leads it */
#define FATOU "fatou@example.org" /* facilitator */
#define PUBLISH "/campaigns/haie/publish"
#define APPROVE "/campaigns/haie/approve"
#define BACK "/campaigns/haie/send-back"

static void lead(struct work *work, void *context)
{
    const struct campaign_id *id = context;
    campaign_add_organiser(work, *id, person_add(work, NADIA, "Nadia", "fr"));
}

static void set_approval(struct work *work, void *context)
{
    community_set_approval(work, *(const enum approval *)context);
}

static void community_approves(struct story *story, enum approval approval)
{
    story_write(story, set_approval, &approval);
}

/* Nadia is signed in, and leads a draft; a facilitator is there. */
static struct campaign_id nadia_has_a_draft(struct story *story, const struct campaign_draft *draft)
{
    story_sign_in_as(story, FATOU, ROLE_FACILITATOR);
    struct campaign_id id = make_unpublished(story, draft);
    story_write(story, lead, &id);
    story_sign_in(story, NADIA);
    return id;
}

static void a_draft(struct story *story, enum approval approval)
{
    struct campaign_draft draft = make_draft("haie", "Une haie ensemble");
    nadia_has_a_draft(story, &draft);
    community_approves(story, approval);
}

/* `text` with its `from`, which it contains, replaced. */
static const char *text_with(struct story *story, const char *text, const char *from,
                             const char *to)
{
    const char *at = strstr(text, from);
    assert_non_null(at);
    return mem_printf(story->mem, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

static const char *state_of(struct story *story)
{
    return answer_text(story_get_json(story, PUBLISH), "state");
}

/* What a stranger gets at the campaign's address. */
static int status_for_strangers(struct story *story)
{
    const char *cookie = story->cookie;
    story->cookie = NULL;
    int status = story_get(story, "/campaigns/haie").status;
    story->cookie = cookie;
    return status;
}

static void published_now_it_is_open(void **state)
{
    struct story *story = *state;
    a_draft(story, APPROVAL_NEVER);
    assert_int_equal(status_for_strangers(story), 404);
    struct answer answer = story_post(story, PUBLISH, "when=now");
    assert_int_equal(answer.status, 303);
    assert_string_equal(answer.location, "/campaigns/haie/organise");
    story_sign_out(story);
    assert_string_equal(answer_text(story_get_json(story, "/campaigns/haie"), "state"), "open");
}

static void published_for_later_it_opens_by_itself(void **state)
{
    struct story *story = *state;
    a_draft(story, APPROVAL_NEVER);
    struct answer answer =
        story_post_json(story, PUBLISH, "{\"when\":\"later\",\"opens\":\"2026-11-23T08:00:00\"}");
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer_text(answer, "state"), "scheduled");
    answer = story_get_json(story, "/campaigns/haie");
    assert_string_equal(answer_text(answer, "opens_at"), "2026-11-23T07:00:00Z");
    assert_true(answer_says(story_get(story, "/campaigns/haie/organise"),
                            "<dd>lundi 23 novembre 2026 à 08:00</dd>"));
    story_wait(story, 2 * DAY_SECONDS);
    assert_string_equal(state_of(story), "open");
}

static void an_opening_that_cannot_be_is_told_beside_it(void **state)
{
    struct story *story = *state;
    a_draft(story, APPROVAL_NEVER);
    struct answer answer = story_post(story, PUBLISH, "when=later&opens=");
    assert_int_equal(answer.status, 422);
    assert_true(answer_says(answer, "Dites quand"));
    answer = story_post(story, PUBLISH, "when=later&opens=2026-11-20T08:00");
    assert_int_equal(answer.status, 422);
    assert_true(answer_says(answer, "passé"));
    answer = story_post(story, PUBLISH, "when=later&opens=2026-12-24T08:00");
    assert_int_equal(answer.status, 422);
    assert_true(answer_says(answer, "après sa date limite"));
    assert_true(answer_says(answer, "value=\"2026-12-24T08:00"));
    assert_string_equal(state_of(story), "draft");
}

static void what_is_missing_is_said_before_it_is_refused(void **state)
{
    struct story *story = *state;
    struct session session = make_session("2026-11-28T14:00:00", "2026-11-28T16:00:00", 20);
    struct campaign_draft draft = make_draft("haie", "Une haie ensemble");
    draft.sessions = &session;
    draft.campaign.story = "";
    nadia_has_a_draft(story, &draft);
    community_approves(story, APPROVAL_NEVER);
    story_wait(story, 8 * DAY_SECONDS);
    struct answer answer = story_get_json(story, PUBLISH);
    assert_true(answer_says(answer, "récit"));
    assert_true(answer_says(answer, "créneaux"));
    assert_false(answer_says(story_get(story, PUBLISH), "name=\"when\""));
    answer = story_post(story, PUBLISH, "when=now");
    assert_int_equal(answer.status, 409);
    assert_true(answer_says(answer, "récit"));
    assert_string_equal(state_of(story), "draft");
}

/* Nadia leads a draft with one session, that says nowhere where it takes place. */
static void a_draft_without_a_place(struct story *story, struct session *session)
{
    struct campaign_draft draft = make_draft("haie", "Une haie ensemble");
    *session = make_session("2026-11-28T14:00:00", "2026-11-28T16:00:00", 20);
    draft.sessions = session;
    draft.campaign.place = "";
    nadia_has_a_draft(story, &draft);
    community_approves(story, APPROVAL_NEVER);
}

static void nobody_is_asked_to_come_nowhere(void **state)
{
    struct story *story = *state;
    struct session session;
    a_draft_without_a_place(story, &session);
    assert_true(answer_says(story_get(story, PUBLISH), "où cela se passe"));
    struct answer answer = story_post(story, PUBLISH, "when=now");
    assert_int_equal(answer.status, 409);
    assert_true(answer_says(answer, "où cela se passe"));
    struct answer json = story_get_json(story, "/campaigns/haie/edit/sessions");
    const char *path =
        mem_printf(story->mem, "/campaigns/haie/edit/sessions/%s", answer_text(json, "items.0.id"));
    story_post(story, path,
               "starts=2026-11-28T14:00&ends=2026-11-28T16:00&time_zone=Europe/Paris&online=true");
    assert_int_equal(story_post(story, PUBLISH, "when=now").status, 303);
    assert_string_equal(state_of(story), "open");
}

static void a_first_draft_opens_once_it_has_a_place(void **state)
{
    struct story *story = *state;
    story_sign_in(story, NADIA);
    community_approves(story, APPROVAL_NEVER);
    story_post(story, "/campaigns", "template=place");
    assert_int_equal(
        story_post(story, "/campaigns/journee-de-nettoyage/publish", "when=now").status, 409);
    struct answer json = story_get_json(story, "/campaigns/journee-de-nettoyage/edit");
    const char *placed = text_with(story, json.body, "\"place\":\"\"", "\"place\":\"Crest\"");
    assert_int_equal(story_post_json(story, "/campaigns/journee-de-nettoyage/edit", placed).status,
                     200);
    assert_int_equal(
        story_post(story, "/campaigns/journee-de-nettoyage/publish", "when=now").status, 303);
}

static void put_off(struct work *work, void *context)
{
    tx_do(work->tx, "UPDATE campaign SET closes_at = closes_at + ?1", *(const int64_t *)context);
}

/* Written before there was that rule. */
static void a_draft_whose_deadline_lies_after_its_sessions_is_not_published(void **state)
{
    struct story *story = *state;
    struct session session = make_session("2026-11-28T14:00:00", "2026-11-28T16:00:00", 20);
    struct campaign_draft draft = make_draft("haie", "Une haie ensemble");
    draft.sessions = &session;
    nadia_has_a_draft(story, &draft);
    int64_t day = DAY_SECONDS;
    story_write(story, put_off, &day);
    struct answer answer = story_post(story, PUBLISH, "when=now");
    assert_int_equal(answer.status, 409);
    assert_true(answer_says(answer, "après la fin du dernier créneau"));
}

static void a_deadline_that_passed_keeps_it_a_draft(void **state)
{
    struct story *story = *state;
    a_draft(story, APPROVAL_NEVER);
    story_wait(story, 8 * DAY_SECONDS);
    struct answer answer = story_post(story, PUBLISH, "when=now");
    assert_int_equal(answer.status, 409);
    assert_true(answer_says(answer, "date limite"));
}

static void it_is_published_once(void **state)
{
    struct story *story = *state;
    a_draft(story, APPROVAL_NEVER);
    story_post(story, PUBLISH, "when=now");
    assert_int_equal(story_post(story, PUBLISH, "when=now").status, 409);
    assert_true(answer_says(story_get(story, PUBLISH), "déjà publiée"));
}

static void to_others_there_is_nothing_to_publish(void **state)
{
    struct story *story = *state;
    a_draft(story, APPROVAL_NEVER);
    story_sign_in(story, "paul@example.org");
    assert_int_equal(story_get(story, PUBLISH).status, 404);
    assert_int_equal(story_post(story, PUBLISH, "when=now").status, 404);
    assert_int_equal(story_get(story, APPROVE).status, 404);
    assert_int_equal(story_post(story, APPROVE, "word=").status, 404);
    assert_int_equal(story_post(story, BACK, "word=non").status, 404);
    story_sign_in(story, NADIA); /* nobody approves their own */
    assert_int_equal(story_post(story, APPROVE, "word=").status, 404);
}

static void the_first_campaign_of_a_person_waits_for_approval(void **state)
{
    struct story *story = *state;
    a_draft(story, APPROVAL_FIRST);
    assert_true(answer_says(story_get(story, PUBLISH), "pour approbation"));
    assert_int_equal(story_post(story, PUBLISH, "when=now").status, 303);
    assert_string_equal(state_of(story), "submitted");
    assert_int_equal(status_for_strangers(story), 404);
    assert_int_equal(story_mail_count(story, FATOU), 1);
    const char *path = story_mail_path(story, FATOU, "/campaigns/haie/");
    assert_string_equal(path, APPROVE);
    story_sign_in_as(story, FATOU, ROLE_FACILITATOR);
    assert_true(answer_says(story_get(story, "/account"), APPROVE));
    assert_true(answer_says(story_get(story, APPROVE), "cinq ans"));
    assert_int_equal(story_post(story, APPROVE, "word=Bravo").status, 303);
    assert_string_equal(answer_text(story_get_json(story, "/campaigns/haie"), "state"), "open");
    assert_int_equal(story_mail_count(story, NADIA), 1);
    assert_non_null(strstr(story_mail(story, NADIA)->text, "Bravo"));
    assert_false(answer_says(story_get(story, "/account"), APPROVE));
}

static void make_facilitator(struct work *work, void *context)
{
    (void)context;
    membership_raise(work, person_get_by_email(work, NADIA)->id, ROLE_FACILITATOR);
}

static void who_leads_reads_who_decides_and_comes_to_it_if_it_is_themselves(void **state)
{
    static const char *const pages[] = {"/campaigns/haie/organise", PUBLISH, "/campaigns/haie"};
    struct story *story = *state;
    a_draft(story, APPROVAL_FIRST);
    story_post(story, PUBLISH, "when=now");
    assert_true(answer_says(story_get(story, pages[0]), "Un animateur ou un administrateur"));
    for (size_t i = 0; i < 3; i++)
        assert_false(answer_says(story_get(story, pages[i]), APPROVE));
    story_write(story, make_facilitator, NULL);
    for (size_t i = 0; i < 3; i++) {
        struct answer page = story_get(story, pages[i]);
        assert_false(answer_says(page, "Vous recevrez"));
        assert_true(i == 2 || answer_says(page, "href=\"" APPROVE "\""));
    }
    struct answer json = story_get_json(story, pages[0]);
    assert_string_equal(answer_text(json, "todos.0.url"), APPROVE);
}

static void that_it_waits_for_approval_stands_once_where_it_is_led(void **state)
{
    struct story *story = *state;
    a_draft(story, APPROVAL_FIRST);
    story_post(story, PUBLISH, "when=now");
    const char *words = "Un animateur ou un administrateur";
    struct answer page = story_get(story, "/campaigns/haie/organise");
    const char *first = strstr(page.body, words);
    assert_non_null(first);
    assert_null(strstr(first + 1, words));
    assert_true(answer_says(story_get(story, "/campaigns/haie/edit"), words));
}

static void who_approves_sees_the_page_with_its_goal_and_its_sessions(void **state)
{
    struct story *story = *state;
    struct session session = make_session("2026-11-28T14:00:00", "2026-11-28T16:00:00", 20);
    struct campaign_draft draft = make_draft("haie", "Une haie ensemble");
    draft.sessions = &session;
    nadia_has_a_draft(story, &draft);
    community_approves(story, APPROVAL_FIRST);
    story_post(story, PUBLISH, "when=now");
    story_sign_in_as(story, FATOU, ROLE_FACILITATOR);
    struct answer page = story_get(story, APPROVE);
    assert_true(answer_says(page, "samedi 28 novembre 2026, de\u00a014:00\u00a0à\u00a016:00"));
    assert_true(answer_says(page, "data-minimum=\"60\""));
    assert_true(answer_says(page, "<dd>60\u00a0personnes</dd>"));
    assert_true(answer_says(page, "Le formulaire d’inscription se trouvera ici"));
    assert_false(answer_says(page, "class=\"lead-bar\""));
}

static void approved_before_its_time_it_waits_for_it(void **state)
{
    struct story *story = *state;
    a_draft(story, APPROVAL_FIRST);
    story_post(story, PUBLISH, "when=later&opens=2026-11-23T08:00");
    story_sign_in_as(story, FATOU, ROLE_FACILITATOR);
    struct answer answer = story_post_json(story, APPROVE, "{}");
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer_text(answer, "state"), "scheduled");
}

static void sent_back_with_a_word_it_is_a_draft_again(void **state)
{
    struct story *story = *state;
    a_draft(story, APPROVAL_FIRST);
    story_post(story, PUBLISH, "when=now");
    story_sign_in_as(story, FATOU, ROLE_FACILITATOR);
    struct answer answer = story_post(story, BACK, "word=");
    assert_int_equal(answer.status, 422); /* not without a word */
    answer = story_post(story, BACK, "word=Où+garer+les+v%C3%A9los+?");
    assert_int_equal(answer.status, 303);
    assert_non_null(strstr(story_mail(story, NADIA)->text, "garer les vélos"));
    assert_int_equal(story_post(story, APPROVE, "word=").status, 409);
    assert_int_equal(story_post(story, BACK, "word=encore").status, 409);
    story_sign_in(story, NADIA);
    assert_string_equal(state_of(story), "draft");
    assert_true(answer_says(story_get(story, PUBLISH), "garer les vélos"));
    assert_true(answer_says(story_get(story, "/campaigns/haie/organise"), "garer les vélos"));
    assert_true(answer_says(story_get(story, "/campaigns/haie/edit"), "garer les vélos"));
    assert_int_equal(story_post(story, PUBLISH, "when=now").status, 303);
    assert_string_equal(state_of(story), "submitted");
    assert_int_equal(story_mail_count(story, FATOU), 2);
}

/* Everything of it as it stands, but for one value. */
static struct answer save_with(struct story *story, const char *from, const char *to)
{
    struct answer json = story_get_json(story, "/campaigns/haie/edit");
    return story_post_json(story, "/campaigns/haie/edit", text_with(story, json.body, from, to));
}

static void changed_while_it_waits_it_is_a_draft_again(void **state)
{
    struct story *story = *state;
    a_draft(story, APPROVAL_FIRST);
    story_post(story, PUBLISH, "when=now");
    assert_true(answer_says(story_get(story, "/campaigns/haie/edit"), "en fait de nouveau un"));
    assert_int_equal(save_with(story, "ensemble", "ensemble").status, 200); /* nothing changed */
    assert_string_equal(state_of(story), "submitted");
    assert_int_equal(save_with(story, "cinq ans", "six ans").status, 200);
    assert_string_equal(state_of(story), "draft");
    story_sign_in_as(story, FATOU, ROLE_FACILITATOR);
    assert_int_equal(story_post(story, APPROVE, "word=").status, 409);
    assert_false(answer_says(story_get(story, "/account"), APPROVE));
}

static void whoever_changes_it_while_it_waits_is_told(void **state)
{
    struct story *story = *state;
    a_draft(story, APPROVAL_FIRST);
    story_post(story, PUBLISH, "when=now");
    const char *form = "title=Une+haie+ensemble&story=Autre+chose.&language=fr&place=Crest"
                       "&organiser_name=Nadia&goal=people&minimum=60&closes=2026-11-28T09:00"
                       "&time_zone=Europe/Paris&party_max=5&go=places";
    struct answer answer = story_post(story, "/campaigns/haie/edit", form);
    assert_string_equal(answer.location, "/campaigns/haie/edit?saved=draft#places");
    assert_true(answer_says(story_get(story, "/campaigns/haie/edit?saved=draft"), "redevient un"));
}

static void a_date_that_is_added_while_it_waits_takes_it_back_too(void **state)
{
    struct story *story = *state;
    a_draft(story, APPROVAL_FIRST);
    story_post(story, PUBLISH, "when=now");
    assert_int_equal(
        story_post(story, "/campaigns/haie/edit/sessions",
                   "starts=2026-12-05T14:00&ends=2026-12-05T16:00&time_zone=Europe/Paris")
            .status,
        303);
    assert_string_equal(state_of(story), "draft");
}

static void what_is_approved_is_what_was_read(void **state)
{
    struct story *story = *state;
    a_draft(story, APPROVAL_FIRST);
    story_post(story, PUBLISH, "when=now");
    int64_t sent_in = answer_int(story_get_json(story, PUBLISH), "sent_in");
    const char *approval = mem_printf(story->mem, "word=&sent_in=%lld", (long long)sent_in);
    story_sign_in_as(story, FATOU, ROLE_FACILITATOR);
    assert_true(answer_says(story_get(story, APPROVE),
                            mem_printf(story->mem, "value=\"%lld\"", (long long)sent_in)));
    story_sign_in(story, NADIA); /* meanwhile */
    save_with(story, "cinq ans", "six ans");
    story_wait(story, MINUTE_SECONDS);
    story_post(story, PUBLISH, "when=now");
    story_sign_in_as(story, FATOU, ROLE_FACILITATOR);
    struct answer answer = story_post(story, APPROVE, approval);
    assert_int_equal(answer.status, 409);
    assert_true(answer_says(answer, "six ans"));
    assert_string_equal(state_of(story), "submitted");
    sent_in = answer_int(story_get_json(story, APPROVE), "sent_in");
    approval = mem_printf(story->mem, "word=&sent_in=%lld", (long long)sent_in);
    assert_int_equal(story_post(story, APPROVE, approval).status, 303);
}

static void a_second_campaign_needs_no_approval_where_only_the_first_one_does(void **state)
{
    struct story *story = *state;
    struct campaign_draft earlier = make_draft("verger", "Un verger");
    a_draft(story, APPROVAL_FIRST);
    struct campaign_id id = make_campaign(story, &earlier);
    story_write(story, lead, &id);
    story_post(story, PUBLISH, "when=now");
    assert_string_equal(state_of(story), "open");
}

static void where_every_campaign_is_approved_a_second_one_is_too(void **state)
{
    struct story *story = *state;
    struct campaign_draft earlier = make_draft("verger", "Un verger");
    a_draft(story, APPROVAL_ALWAYS);
    struct campaign_id id = make_campaign(story, &earlier);
    story_write(story, lead, &id);
    story_post(story, PUBLISH, "when=now");
    assert_string_equal(state_of(story), "submitted");
}

static void a_facilitator_asks_nobody(void **state)
{
    struct story *story = *state;
    a_draft(story, APPROVAL_ALWAYS);
    story_sign_in_as(story, FATOU, ROLE_FACILITATOR);
    story_post(story, PUBLISH, "when=now");
    assert_string_equal(state_of(story), "open");
}

static void one_whose_deadline_passed_meanwhile_can_only_be_sent_back(void **state)
{
    struct story *story = *state;
    a_draft(story, APPROVAL_FIRST);
    story_post(story, PUBLISH, "when=now");
    story_wait(story, 8 * DAY_SECONDS);
    story_sign_in_as(story, FATOU, ROLE_FACILITATOR);
    struct answer answer = story_post(story, APPROVE, "word=");
    assert_int_equal(answer.status, 409);
    assert_true(answer_says(answer, "date limite"));
    assert_int_equal(story_post(story, BACK, "word=Une+autre+date+?").status, 303);
}

static void a_community_asks_for_the_first_one_unless_it_says_otherwise(void **state)
{
    struct story *story = *state;
    struct campaign_draft draft = make_draft("haie", "Une haie ensemble");
    nadia_has_a_draft(story, &draft);
    story_post(story, PUBLISH, "when=now");
    assert_string_equal(state_of(story), "submitted");
    enum approval approval = APPROVAL_NEVER;
    assert_false(approval_read("sometimes", &approval));
    assert_int_equal(approval, APPROVAL_NEVER);
    assert_true(approval_read("always", &approval));
    assert_int_equal(approval, APPROVAL_ALWAYS);
    assert_string_equal(approval_name(APPROVAL_FIRST), "first");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(published_now_it_is_open),
        story_test(published_for_later_it_opens_by_itself),
        story_test(an_opening_that_cannot_be_is_told_beside_it),
        story_test(what_is_missing_is_said_before_it_is_refused),
        story_test(nobody_is_asked_to_come_nowhere),
        story_test(a_first_draft_opens_once_it_has_a_place),
        story_test(a_draft_whose_deadline_lies_after_its_sessions_is_not_published),
        story_test(a_deadline_that_passed_keeps_it_a_draft),
        story_test(it_is_published_once),
        story_test(to_others_there_is_nothing_to_publish),
        story_test(the_first_campaign_of_a_person_waits_for_approval),
        story_test(who_leads_reads_who_decides_and_comes_to_it_if_it_is_themselves),
        story_test(that_it_waits_for_approval_stands_once_where_it_is_led),
        story_test(who_approves_sees_the_page_with_its_goal_and_its_sessions),
        story_test(approved_before_its_time_it_waits_for_it),
        story_test(sent_back_with_a_word_it_is_a_draft_again),
        story_test(changed_while_it_waits_it_is_a_draft_again),
        story_test(whoever_changes_it_while_it_waits_is_told),
        story_test(a_date_that_is_added_while_it_waits_takes_it_back_too),
        story_test(what_is_approved_is_what_was_read),
        story_test(a_second_campaign_needs_no_approval_where_only_the_first_one_does),
        story_test(where_every_campaign_is_approved_a_second_one_is_too),
        story_test(a_facilitator_asks_nobody),
        story_test(one_whose_deadline_passed_meanwhile_can_only_be_sent_back),
        story_test(a_community_asks_for_the_first_one_unless_it_says_otherwise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
