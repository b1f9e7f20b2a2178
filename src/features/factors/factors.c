/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The arithmetic of factors, in whole numbers throughout, and what may be added or chosen. What
 * comes out is rounded to two significant digits: more would claim to know what nobody knows. */
#include "features/factors/factors_local.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/refusal.h"
#include "base/str.h"
#include "base/time.h"
#include "core/audit/audit.h"
#include "features/campaigns/campaigns.h"
#include "sys/lang.h"
#include "web/form.h"
#include "web/request.h"

__extension__ typedef __int128 wide; /* a thousand million times a million millionths */

static const struct refusal factors_enough = {
    .status = 409,
    .name = "factors_enough",
    .sentence = N_("There are as many factors as there is room for. Please retire one first.")};

struct amount amount_of(int64_t count, int64_t value, int64_t per)
{
    struct amount amount = {.zeros = -FACTOR_DECIMALS};
    wide n = (wide)count * value;
    wide unit = per;
    if (n <= 0)
        return (struct amount){0};
    while (n < 10 * unit) {
        n *= 10;
        amount.zeros--;
    }
    for (; n >= 100 * unit; unit *= 10)
        amount.zeros++;
    amount.digits = (int64_t)((n + unit / 2) / unit);
    if (amount.digits == 100) {
        amount.digits = 10;
        amount.zeros++;
    }
    return amount;
}

double amount_number(struct amount amount)
{
    return (double)amount.digits * pow(10, amount.zeros);
}

const char *amount_words(const struct lang *lang, struct mem *mem, struct amount amount)
{
    int64_t n = amount.digits;
    int decimals = -amount.zeros;
    for (; decimals < 0; decimals++)
        n *= 10;
    while (decimals > 0 && n % 10 == 0 && n > 0) {
        n /= 10;
        decimals--;
    }
    return lang_decimal(lang, mem, n, decimals);
}

const char *amount_scale(struct mem *mem, const char *unit, struct amount *low, struct amount *high)
{
    static const struct {
        int zeros;
        const char *unit;
    } scales[] = {{-3, "t"}, {0, "kg"}, {3, "g"}, {6, "mg"}};
    if (!str_starts(unit, "kg "))
        return unit;
    size_t i = 0;
    while (i + 1 < sizeof scales / sizeof *scales &&
           amount_number(*low) * pow(10, scales[i].zeros) < 1)
        i++;
    low->zeros += scales[i].zeros;
    high->zeros += scales[i].zeros;
    return mem_printf(mem, "%s %s", scales[i].unit, unit + strlen("kg "));
}

const char *factor_value_words(const struct lang *lang, struct mem *mem, int64_t value)
{
    int decimals = FACTOR_DECIMALS;
    for (; decimals > 0 && value % 10 == 0; decimals--)
        value /= 10;
    return lang_decimal(lang, mem, value, decimals);
}

/* At most this many digits follow. */
static bool digits_read(const char *text, size_t count, int64_t *ret_n)
{
    if (count == 0 || count > 9 || strspn(text, "0123456789") < count)
        return false;
    int64_t n = 0;
    for (size_t i = 0; i < count; i++)
        n = n * 10 + (text[i] - '0');
    *ret_n = n;
    return true;
}

bool factor_value_read(const char *text, int64_t *ret_value)
{
    size_t whole = strcspn(text, ".,");
    size_t decimals = text[whole] ? strlen(text + whole + 1) : 0;
    int64_t n = 0;
    int64_t part = 0;
    if (!digits_read(text, whole, &n) || n > FACTOR_VALUE_MAX || decimals > FACTOR_DECIMALS)
        return false;
    if (text[whole] && !digits_read(text + whole + 1, decimals, &part))
        return false;
    for (size_t i = decimals; i < FACTOR_DECIMALS; i++)
        part *= 10;
    int64_t value = n * FACTOR_MICRO + part;
    if (value < 1 || value > (int64_t)FACTOR_VALUE_MAX * FACTOR_MICRO)
        return false;
    *ret_value = value;
    return true;
}

bool factor_is(const struct factor *factor, const char *basis)
{
    return str_equal(factor->basis, basis);
}

bool factor_suits(const struct factor *factor, const struct campaign *campaign)
{
    return factor_is(factor, "hours") || !str_is_empty(campaign->quantity_unit);
}

/* A day as people write it in a form: 2026-11-21. */
static bool is_day(struct mem *mem, const char *text)
{
    int64_t at = 0;
    return time_from_rfc3339(mem_printf(mem, "%sT00:00:00Z", text), &at);
}

static bool is_web_address(const char *text)
{
    return str_is_empty(text) || str_starts(text, "https://") || str_starts(text, "http://");
}

static void check_wish(struct work *work, const struct factor_wish *wish, struct form_input *input,
                       struct factor *factor)
{
    struct mem *mem = work->mem;
    const char *number = N_("Please write a number above zero, with at most six decimals.");
    if (!factor_value_read(wish->low, &factor->value_low))
        form_error_add(mem, input, "low", number, 0);
    if (!factor_value_read(wish->high, &factor->value_high))
        form_error_add(mem, input, "high", number, 0);
    else if (factor->value_high < factor->value_low)
        form_error_add(mem, input, "high", N_("The high value must be at least the low one."), 0);
    if (!str_equal(wish->basis, "quantity") && !str_equal(wish->basis, "hours"))
        form_error_add(mem, input, "basis", N_("Please choose one of the offered answers."), 0);
    if (!is_web_address(wish->url))
        form_error_add(mem, input, "url", N_("A web address begins with https://"), 0);
    if (wish->year > wall_from_seconds(work->now).year)
        form_error_add(mem, input, "year", N_("This year is still to come."), 0);
    if (!is_day(mem, wish->read_on))
        form_error_add(mem, input, "read_on",
                       N_("Please write the date as year, month and day: 2026-11-21."), 0);
}

static int count_own(const struct factor *factor)
{
    int count = 0;
    for (; factor; factor = factor->next)
        count += factor->is_own;
    return count;
}

/* The older one ends, if it is this community's; the program's stays, for others. */
static const struct refusal *supersede(struct work *work, const struct factor_wish *wish,
                                       struct factor *factor)
{
    if (str_is_empty(wish->supersedes))
        return NULL;
    const struct factor *older = factor_get_in_use(work, wish->supersedes);
    if (!older)
        return &refusal_not_found;
    factor->name = older->name;
    if (older->is_own)
        factor_end(work, older->id, "superseded");
    return NULL;
}

static void audit(struct work *work, enum audit_action action, const struct factor *factor)
{
    const struct audit_object object = {
        .id = factor->id, .title = factor->per_fr, .path = "/administration/factors"};
    audit_add(work, action, &object, "");
}

const struct refusal *factor_add(struct work *work, const struct factor_wish *wish,
                                 struct form_input *input)
{
    struct factor factor = {
        .id = work_new_id(work),
        .handle = work_new_handle(work, FACTOR_HANDLE_CHARS),
        .basis = wish->basis,
        .label_fr = wish->label_fr,
        .label_en = wish->label_en,
        .per_fr = wish->per_fr,
        .per_en = wish->per_en,
        .unit_fr = wish->unit_fr,
        .unit_en = wish->unit_en,
        .scope_fr = wish->scope_fr,
        .scope_en = wish->scope_en,
        .source = wish->source,
        .url = wish->url,
        .version = wish->version,
        .year = wish->year,
        .read_on = wish->read_on,
        .licence = wish->licence,
    };
    factor.name = factor.handle;
    check_wish(work, wish, input, &factor);
    if (input->errors)
        return &refusal_fields;
    const struct refusal *refusal = supersede(work, wish, &factor);
    if (refusal)
        return refusal;
    if (count_own(factor_list(work)) >= FACTORS_IN_USE_MAX / 2)
        return &factors_enough;
    factor_insert(work, &factor);
    audit(work, AUDIT_FACTOR_ADD, &factor);
    return NULL;
}

const struct refusal *factor_retire(struct work *work, const char *handle)
{
    const struct factor *factor = factor_get_in_use(work, handle);
    if (!factor || !factor->is_own || !factor_end(work, factor->id, "retired"))
        return &refusal_not_found;
    audit(work, AUDIT_FACTOR_CHANGE, factor);
    return NULL;
}

static const struct factor *among(const struct factor *factor, const char *handle)
{
    while (factor && !str_equal(factor->handle, handle))
        factor = factor->next;
    return factor;
}

static bool is_named_before(const struct factor_choice *choice, int i)
{
    for (int j = 0; j < i; j++)
        if (str_equal(choice->handles[j], choice->handles[i]))
            return true;
    return false;
}

const struct refusal *factors_choose(struct work *work, struct campaign_id id,
                                     const struct factor_choice *choice)
{
    int64_t place = 0;
    const struct factor *kept = factors_of_campaign(work, id);
    campaign_factors_clear(work, id);
    for (int i = 0; i < FACTORS_PER_CAMPAIGN_MAX; i++) {
        if (str_is_empty(choice->handles[i]) || is_named_before(choice, i))
            continue;
        const struct factor *factor = factor_get_in_use(work, choice->handles[i]);
        if (!factor)
            factor = among(kept, choice->handles[i]);
        if (!factor)
            return &refusal_not_found;
        campaign_factor_insert(work, id, ++place, factor->id);
    }
    return NULL;
}
