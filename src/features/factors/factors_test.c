/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What factors make of a number, rounded and in words; and stories of the organiser who chooses
 * them and of the administrator who adds, supersedes and retires them. */
#include "story/story.h"

#include <string.h>

#include "base/mem.h"
#include "base/time.h"
#include "core/people/people.h"
#include "features/campaigns/campaigns.h"
#include "features/factors/factors.h"
#include "features/factors/factors_local.h"
#include "features/reports/reports.h"
#include "main/program.h"
#include "story/make_campaigns.h"
#include "sys/lang.h"
#include "web/app.h"
#include "web/work.h"

#define NADIA "nadia@example.org" /* who organises */
#define ADA "ada@example.org"     /* who administrates */
#define PAUL "paul@example.org"

#define RESULT "/campaigns/velo/result"
#define CHOICE "/campaigns/velo/organise/factors"
#define FACTORS "/administration/factors"

static void assert_amount(int64_t count, int64_t value, int64_t per, int64_t digits, int zeros)
{
    struct amount amount = amount_of(count, value, per);
    if (amount.digits != digits || amount.zeros != zeros)
        fail_msg("%lld x %lld / %lld: %lldE%d", (long long)count, (long long)value, (long long)per,
                 (long long)amount.digits, amount.zeros);
}

static void an_amount_has_two_digits_and_is_rounded_half_up(void **state)
{
    (void)state;
    assert_amount(10000, 181050, 1, 18, 2); /* 1,810.5 */
    assert_amount(10000, 217600, 1, 22, 2); /* 2,176 */
    assert_amount(1, 1, 1, 10, -7);
    assert_amount(1, 995000, 1, 10, -1); /* 0.995 is 1.0 */
    assert_amount(1, 994999, 1, 99, -2);
    assert_amount(1, 105000, 1, 11, -2);
    assert_amount(1, 104999, 1, 10, -2);
    assert_amount(0, 181050, 1, 0, 0);
    assert_amount(-5, 181050, 1, 0, 0);
    assert_amount(168 * 60, 28571, 60, 48, -1); /* 168 hours are 4.8 weeks */
    assert_amount(90, 28571, 60, 43, -3);
}

static void no_number_is_too_large(void **state)
{
    (void)state;
    assert_amount(1000000000000000000, (int64_t)FACTOR_VALUE_MAX * FACTOR_MICRO, 1, 10, 23);
    assert_amount(9000000000000000, 261500000, 1, 24, 17);
}

static void amounts_are_written_as_each_language_does(void **state)
{
    struct story *story = *state;
    const struct lang *fr = lang_get(story->program->app.langs, "fr");
    const struct lang *en = lang_get(story->program->app.langs, "en");
    assert_string_equal(amount_words(fr, story->mem, (struct amount){18, -1}), "1,8");
    assert_string_equal(amount_words(en, story->mem, (struct amount){18, -1}), "1.8");
    assert_string_equal(amount_words(en, story->mem, (struct amount){20, -1}), "2");
    assert_string_equal(amount_words(en, story->mem, (struct amount){48, -3}), "0.048");
    assert_string_equal(amount_words(en, story->mem, (struct amount){18, 5}), "1,800,000");
    assert_string_equal(factor_value_words(fr, story->mem, 181050), "0,18105");
    assert_string_equal(factor_value_words(fr, story->mem, 85100000), "85,1");
    assert_string_equal(factor_value_words(fr, story->mem, 1), "0,000001");
}

static const char *scaled(struct story *story, struct amount low, struct amount high)
{
    const struct lang *en = lang_get(story->program->app.langs, "en");
    const char *unit = amount_scale(story->mem, "kg CO₂e", &low, &high);
    return mem_printf(story->mem, "%s-%s %s", amount_words(en, story->mem, low),
                      amount_words(en, story->mem, high), unit);
}

static void kilograms_become_the_unit_that_suits_their_size(void **state)
{
    struct story *story = *state;
    assert_string_equal(scaled(story, (struct amount){18, 2}, (struct amount){22, 2}),
                        "1.8-2.2 t CO₂e");
    assert_string_equal(scaled(story, (struct amount){99, 1}, (struct amount){12, 2}),
                        "990-1,200 kg CO₂e");
    assert_string_equal(scaled(story, (struct amount){12, -2}, (struct amount){13, -2}),
                        "120-130 g CO₂e");
    assert_string_equal(scaled(story, (struct amount){18, -6}, (struct amount){18, -6}),
                        "18-18 mg CO₂e");
    struct amount low = {18, 5};
    struct amount high = {18, 5};
    assert_string_equal(amount_scale(story->mem, "weeks", &low, &high), "weeks");
    assert_int_equal(low.zeros, 5);
}

static void a_value_is_read_with_a_comma_or_a_point(void **state)
{
    (void)state;
    int64_t value = 7;
    assert_true(factor_value_read("0,192", &value));
    assert_int_equal(value, 192000);
    assert_true(factor_value_read("85.1", &value));
    assert_int_equal(value, 85100000);
    assert_true(factor_value_read("0.000001", &value));
    assert_int_equal(value, 1);
    assert_true(factor_value_read("1000000", &value));
    assert_int_equal(value, 1000000000000);
    static const char *const wrong[] = {"",    "0",       "0,0",       ",5",    "5,",
                                        "-1",  "1e3",     "0.0000001", "1 000", "1,000,0",
                                        "abc", "1000001", "1000000,1"};
    value = 7;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (factor_value_read(wrong[i], &value))
            fail_msg("\"%s\" was read", wrong[i]);
    assert_int_equal(value, 7);
}

struct making {
    struct campaign_id id;
    int64_t quantity;
};

static void lead(struct work *work, void *context)
{
    const struct making *making = context;
    campaign_add_organiser(work, making->id, person_add(work, NADIA, "Nadia", "fr"));
    if (making->quantity)
        assert_null(report_add(work, campaign_get(work, making->id), (struct sign_up_id){0},
                               making->quantity, ""));
}

/* "velo": kilometres by bike, so many of them told already, and two hours of three people. */
static void make_bikes(struct story *story, int64_t quantity)
{
    struct campaign_draft draft = make_draft("velo", "À vélo");
    draft.campaign.goal_unit = GOAL_QUANTITY;
    draft.campaign.quantity_unit = "km à vélo";
    draft.campaign.target = 100000;
    draft.campaign.minutes_each = 120;
    struct making making = {make_campaign(story, &draft), quantity};
    story_write(story, lead, &making);
    make_participants(story, "velo", "anne@example.org", 3);
    story->accept_language = "en";
}

static void what_the_organiser_chose_is_computed_from_low_to_high_with_its_source(void **state)
{
    struct story *story = *state;
    make_bikes(story, 10000);
    assert_false(answer_says(story_get(story, RESULT), "What it amounts to"));
    story_sign_in(story, NADIA);
    struct answer answer = story_post(story, CHOICE, "factor1=car-to-bike&factor2=hours-weeks");
    assert_int_equal(answer.status, 303);
    struct answer page = story_get(story, RESULT);
    assert_true(answer_says(page, "1.8 to 2.2 t CO₂e"));
    assert_true(answer_says(page, "10,000 × 0.181 to 0.218 kg CO₂e"));
    assert_true(answer_says(page, "0.17 weeks of 35 hours"));
    assert_true(answer_says(page, "https://github.com/incubateur-ademe/impactco2"));
    assert_true(answer_says(page, "values of 2025, looked up: 11/2026."));
    assert_true(answer_says(page, "Orders of magnitude"));
    struct answer json = story_get_json(story, RESULT);
    assert_string_equal(answer_text(json, "equivalents.0.name"), "car-to-bike");
    assert_true(answer_says(json, "\"low\":1800.0,\"high\":2200.0"));
    assert_int_equal(answer_int(json, "equivalents.0.year"), 2025);
    assert_string_equal(answer_text(json, "equivalents.1.unit"), "weeks of 35 hours");
}

static void without_a_number_there_is_no_amount(void **state)
{
    struct story *story = *state;
    make_bikes(story, 0);
    story_sign_in(story, NADIA);
    story_post(story, CHOICE, "factor1=car-to-bike");
    assert_false(answer_says(story_get(story, RESULT), "What it amounts to"));
    story_wait(story, 8 * DAY_SECONDS); /* it is missed, whatever its hours would have been */
    story_post(story, CHOICE, "factor1=hours-weeks");
    assert_false(answer_says(story_get(story, RESULT), "What it amounts to"));
}

static void the_choice_can_be_changed_and_taken_back(void **state)
{
    struct story *story = *state;
    make_bikes(story, 10000);
    story_sign_in(story, NADIA);
    story_post(story, CHOICE, "factor1=car-to-bike&factor2=car-to-bike&factor3=car-to-train");
    struct answer page = story_get(story, "/campaigns/velo/organise/result");
    assert_true(answer_says(page, "<option value=\"car-to-train\" selected>"));
    story_post(story, CHOICE, "factor1=&factor2=&factor3=");
    assert_false(answer_says(story_get(story, RESULT), "What it amounts to"));
}

static void only_what_is_in_use_can_be_chosen_and_only_by_who_leads(void **state)
{
    struct story *story = *state;
    make_bikes(story, 10000);
    assert_int_equal(story_post(story, CHOICE, "factor1=car-to-bike").status, 401);
    story_sign_in(story, PAUL);
    assert_int_equal(story_post(story, CHOICE, "factor1=car-to-bike").status, 404);
    story_sign_in(story, NADIA);
    assert_int_equal(story_post(story, CHOICE, "factor1=car-to-bike&factor2=stored-email").status,
                     404);
    assert_false(answer_says(story_get(story, RESULT), "What it amounts to"));
    assert_true(answer_says(story_get(story, "/campaigns/velo/organise/result"),
                            "Why is there none for deleted e\u2011mails?"));
}

/* A good one, of which a story changes what it is about. */
#define WISH                                                                                       \
    "basis=quantity&per_fr=arbre&per_en=tree&low=10&high=25%2C5&unit_fr=kg+CO%E2%82%82e&unit_en="  \
    "kg+CO%E2%82%82e"                                                                              \
    "&label_fr=capt%C3%A9&label_en=captured&scope_fr=par+an&scope_en=a+year&source=ONF&url=https%" \
    "3A%2F%2Fonf.fr"                                                                               \
    "&version=1&year=2024&read_on=2026-11-21&licence=libre"

static void an_administrator_adds_one_with_its_source(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    story_sign_in_as(story, ADA, ROLE_ADMINISTRATOR);
    assert_int_equal(story_post(story, FACTORS, WISH).status, 303);
    struct answer page = story_get(story, FACTORS);
    assert_true(answer_says(page, "10 to 25.5 kg CO₂e"));
    assert_true(answer_says(page, "https://onf.fr"));
    assert_true(answer_says(page, "looked up: Saturday, 21 November 2026."));
    assert_true(answer_says(page, "Retire"));
}

static const char *without(struct story *story, const char *part, const char *instead)
{
    const char *at = strstr(WISH, part);
    assert_non_null(at);
    return mem_printf(story->mem, "%.*s%s%s", (int)(at - WISH), WISH, instead, at + strlen(part));
}

static void what_a_value_counts_is_told_in_the_readers_language(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    make_bikes(story, 10000);
    story_sign_in_as(story, ADA, ROLE_ADMINISTRATOR);
    story_post(story, FACTORS, WISH);
    struct answer page = story_get(story, FACTORS);
    assert_true(answer_says(page, "a year. Source:"));
    assert_true(answer_says(page, "legal working time in France: 35 hours a week. Source:"));
    assert_false(answer_says(page, "bas : ")); /* nor any other one in French */
    story_post(story, CHOICE, "factor1=car-to-bike");
    assert_true(answer_says(story_get(story, RESULT), "low: use of a petrol or diesel car"));
    story->accept_language = "fr";
    assert_true(answer_says(story_get(story, RESULT), "bas : usage d’une voiture essence"));
    page = story_get(story, FACTORS);
    assert_true(answer_says(page, "par an. Source"));
    assert_false(answer_says(page, "low: "));
}

static void what_is_wrong_in_a_factor_is_said_beside_its_field(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    story_sign_in_as(story, ADA, ROLE_ADMINISTRATOR);
    static const struct {
        const char *part, *instead, *field;
    } rows[] = {
        {"source=ONF", "source=", "source"},
        {"low=10", "low=peu", "low"},
        {"low=10", "low=30", "high"},
        {"high=25%2C5", "high=0", "high"},
        {"url=https", "url=javascript", "url"},
        {"read_on=2026-11-21", "read_on=hier", "read_on"},
        {"year=2024", "year=24", "year"},
        {"year=2024", "year=2031", "year"},
        {"scope_fr=par+an", "scope_fr=", "scope_fr"},
        {"scope_en=a+year", "scope_en=", "scope_en"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        story->sweeps = i == 0;
        struct answer page =
            story_post(story, FACTORS, without(story, rows[i].part, rows[i].instead));
        assert_int_equal(page.status, 422);
        assert_true(answer_says(page, mem_printf(story->mem, "factor-%s-error", rows[i].field)));
        assert_true(answer_says(page, "value=\"arbre\""));
    }
    assert_int_equal(story_post(story, FACTORS, without(story, "quantity", "weight")).status, 422);
    assert_int_equal(story_post(story, FACTORS, WISH "&supersedes=nothing").status, 404);
    assert_false(answer_says(story_get(story, FACTORS), "onf.fr"));
}

static void a_better_one_takes_the_place_and_campaigns_keep_what_they_chose(void **state)
{
    struct story *story = *state;
    make_bikes(story, 10000);
    story_sign_in(story, NADIA);
    story_post(story, CHOICE, "factor1=car-to-bike");
    story_sign_in_as(story, ADA, ROLE_ADMINISTRATOR);
    assert_int_equal(story_post(story, FACTORS, WISH "&supersedes=car-to-bike").status, 303);
    struct answer page = story_get(story, FACTORS);
    assert_false(answer_says(page, "kilometre by bike or on foot"));
    assert_true(answer_says(page, "10 to 25.5 kg CO₂e"));
    assert_true(answer_says(story_get(story, RESULT), "1.8 to 2.2 t CO₂e"));
    assert_true(answer_says(story_get(story, "/campaigns/velo/organise/result"),
                            "<option value=\"car-to-bike\" selected>"));
    assert_int_equal(story_post(story, CHOICE, "factor1=car-to-bike").status, 303);
    assert_true(answer_says(story_get(story, RESULT), "1.8 to 2.2 t CO₂e"));
    assert_int_equal(story_post(story, CHOICE, "factor1=").status, 303);
    assert_int_equal(story_post(story, CHOICE, "factor1=car-to-bike").status, 404);
}

static const char *own_handle(struct story *story)
{
    const char *body = story_get(story, FACTORS).body;
    const char *at = strstr(body, "/retire");
    assert_non_null(at);
    return mem_strndup(story->mem, at - FACTOR_HANDLE_CHARS, FACTOR_HANDLE_CHARS);
}

static void one_that_is_retired_says_nothing_more(void **state)
{
    struct story *story = *state;
    make_bikes(story, 10000);
    story_sign_in_as(story, ADA, ROLE_ADMINISTRATOR);
    story_post(story, FACTORS, WISH);
    const char *handle = own_handle(story);
    const char *retire = mem_printf(story->mem, FACTORS "/%s/retire", handle);
    story_post(story, CHOICE, mem_printf(story->mem, "factor1=%s", handle));
    assert_true(answer_says(story_get(story, RESULT), "100 to 260 t CO₂e"));
    assert_int_equal(story_post(story, retire, "").status, 303);
    assert_false(answer_says(story_get(story, RESULT), "What it amounts to"));
    assert_int_equal(story_post(story, retire, "").status, 404);
    assert_int_equal(story_post(story, FACTORS "/car-to-bike/retire", "").status, 404);
}

static void factors_are_the_administrators(void **state)
{
    struct story *story = *state;
    assert_int_equal(story_post(story, FACTORS, WISH).status, 401);
    story_sign_in_as(story, PAUL, ROLE_FACILITATOR);
    assert_int_equal(story_get(story, FACTORS).status, 404);
    assert_int_equal(story_post(story, FACTORS, WISH).status, 404);
    assert_int_equal(story_post(story, FACTORS "/car-to-bike/retire", "").status, 404);
}

static void a_community_has_room_for_a_bounded_number(void **state)
{
    struct story *story = *state;
    story->sweeps = false;
    story_sign_in_as(story, ADA, ROLE_ADMINISTRATOR);
    for (int i = 0; i < FACTORS_IN_USE_MAX / 2; i++)
        assert_int_equal(story_post(story, FACTORS, WISH).status, 303);
    assert_int_equal(story_post(story, FACTORS, WISH).status, 409);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_amount_has_two_digits_and_is_rounded_half_up),
        cmocka_unit_test(no_number_is_too_large),
        story_test(amounts_are_written_as_each_language_does),
        story_test(kilograms_become_the_unit_that_suits_their_size),
        cmocka_unit_test(a_value_is_read_with_a_comma_or_a_point),
        story_test(what_the_organiser_chose_is_computed_from_low_to_high_with_its_source),
        story_test(without_a_number_there_is_no_amount),
        story_test(the_choice_can_be_changed_and_taken_back),
        story_test(only_what_is_in_use_can_be_chosen_and_only_by_who_leads),
        story_test(an_administrator_adds_one_with_its_source),
        story_test(what_a_value_counts_is_told_in_the_readers_language),
        story_test(what_is_wrong_in_a_factor_is_said_beside_its_field),
        story_test(a_better_one_takes_the_place_and_campaigns_keep_what_they_chose),
        story_test(one_that_is_retired_says_nothing_more),
        story_test(factors_are_the_administrators),
        story_test(a_community_has_room_for_a_bounded_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
