/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From the days of a campaign to a curve: how many there were in all at the end of each day, or of
 * so many days that the points are few, and the paths and marks of its picture. The picture is
 * stretched to whatever room a page has, so nothing is written in it: its marks are text beside it.
 */
#include "features/campaigns/campaigns_views.h"

#include "base/buf.h"
#include "base/mem.h"
#include "features/campaigns/campaigns_local.h"

enum {
    CURVE_WIDTH = 6000, /* units of the picture */
    CURVE_HEIGHT = 2000,
    CURVE_STEPS = 4,
    PATH_BYTES_MAX = CURVE_POINTS_MAX * 16 + 64,
};

/* The sums of all that came before the first point are taken along, for a campaign with more days
 * than are kept in view. */
const struct curve *curve_new(struct mem *mem, const struct campaign_day *days,
                              const struct curve_span *span)
{
    struct curve *curve = MEM_NEW(mem, struct curve);
    int64_t from = days && days->day < span->from ? days->day : span->from;
    int64_t until = span->until > from ? span->until : from + 1;
    for (const struct campaign_day *day = days; day; day = day->next)
        until = day->day > until ? day->day : until;
    int64_t each = (until - from) / (CURVE_POINTS_MAX - 1) + 1;
    struct curve_point sum = {.people = span->people, .quantity = span->quantity};
    for (const struct campaign_day *day = days; day; day = day->next) {
        sum.people -= day->people;
        sum.quantity -= day->quantity;
    }
    for (int64_t at = from; curve->count < CURVE_POINTS_MAX; at += each) {
        sum.day = at < until ? at : until;
        for (; days && days->day <= sum.day; days = days->next) {
            sum.people += days->people;
            sum.quantity += days->quantity;
        }
        curve->points[curve->count++] = sum;
        if (at >= until)
            break;
    }
    return curve;
}

/* The least of 1, 2 and 5 times a power of ten that gets `steps` times at least so far. */
static int64_t step_of(int64_t highest)
{
    for (int64_t power = 1;; power *= 10)
        for (int64_t times = 1; times <= 5; times += times == 1 ? 1 : 3)
            if (power * times * CURVE_STEPS >= highest)
                return power * times;
}

static int64_t value_of(const struct curve_point *point, bool of_quantity)
{
    int64_t value = of_quantity ? point->quantity : point->people;
    return value > 0 ? value : 0;
}

static const struct chart_mark *marks_of(struct mem *mem, int64_t step)
{
    const struct chart_mark *first = NULL;
    for (int i = 0; i <= CURVE_STEPS; i++) {
        struct chart_mark *mark = MEM_NEW(mem, struct chart_mark);
        mark->next = first;
        mark->value = step * i;
        first = mark;
    }
    return first;
}

static int64_t height_of(int64_t value, int64_t top)
{
    for (; top > INT64_MAX / CURVE_HEIGHT; top /= 10)
        value /= 10;
    return CURVE_HEIGHT - value * CURVE_HEIGHT / top;
}

struct chart_view chart_view(struct mem *mem, const struct curve *curve, bool of_quantity,
                             int64_t wanted)
{
    int64_t highest = wanted;
    for (int i = 0; i < curve->count; i++) {
        int64_t value = value_of(&curve->points[i], of_quantity);
        highest = value > highest ? value : highest;
    }
    int64_t step = step_of(highest);
    int spans = curve->count > 1 ? curve->count - 1 : 1;
    struct buf *line = buf_new(mem, PATH_BYTES_MAX);
    for (int i = 0; i < curve->count; i++)
        buf_printf(
            line, "%c%d %lld", i ? 'L' : 'M', i * CURVE_WIDTH / spans,
            (long long)height_of(value_of(&curve->points[i], of_quantity), step * CURVE_STEPS));
    const struct curve_point *last = &curve->points[curve->count - 1];
    long long end = height_of(value_of(last, of_quantity), step * CURVE_STEPS);
    return (struct chart_view){
        .line = line->bytes,
        .area = mem_printf(mem, "%sV%dH0Z", line->bytes, CURVE_HEIGHT),
        .end = mem_printf(mem, "M%d %lldh0", CURVE_WIDTH, end),
        .wanted_line =
            wanted ? mem_printf(mem, "M0 %lldH%d", (long long)height_of(wanted, step * CURVE_STEPS),
                                CURVE_WIDTH)
                   : NULL,
        .wanted = wanted,
        .marks = marks_of(mem, step),
    };
}
