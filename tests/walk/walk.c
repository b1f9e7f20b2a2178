/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Walks at random until something does not hold, then looks for the fewest steps that lead there.
 *     walk STEPS [SEED]
 * Each life runs in a process of its own, so that a crash is found like anything else. Without a
 * seed it takes one from the time, and says which. Closes with `N passed, N failed`, counting
 * lives.
 */
#include "walk/walk.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "story/story.h"
#include "sys/clock.h"

enum { LIFE_STEPS = 250, LIVES_AT_ONCE = 2 };

struct life {
    struct step steps[LIFE_STEPS];
    int count;
};

/* xorshift64*: the same walk from the same seed, anywhere. */
static uint64_t next_number(void *state)
{
    uint64_t *x = state;
    *x ^= *x >> 12;
    *x ^= *x << 25;
    *x ^= *x >> 27;
    return (*x * 2685821657736338717u) >> 33;
}

static struct life life_make(uint64_t seed, int64_t number)
{
    uint64_t state = (seed + (uint64_t)number + 1) * 0x9e3779b97f4a7c15u;
    struct life life = {.count = LIFE_STEPS};
    for (int i = 0; i < life.count; i++)
        life.steps[i] = step_make(next_number, &state);
    return life;
}

/* Lives it in this process. What is wrong, or NULL; tells each step when `aloud`. */
static const char *live(const struct life *life, struct walk *walk, bool aloud)
{
    walk_begin(walk);
    for (int i = 0; i < life->count; i++) {
        int status = step_take(walk, &life->steps[i]);
        const char *wrong = walk_holds(walk);
        if (aloud)
            printf("%3d. %s: %d\n", i + 1, step_words(walk->story->mem, &life->steps[i]), status);
        if (wrong)
            return wrong;
    }
    return walk_held(walk);
}

/* Never returns. */
static void live_and_exit(const struct life *life, bool aloud)
{
    if (!aloud && !(freopen("/dev/null", "w", stdout) && freopen("/dev/null", "w", stderr)))
        _exit(1);
    void *state = NULL;
    story_setup(&state);
    struct walk walk = {.story = state};
    walk.story->sweeps = false;
    const char *wrong = live(life, &walk, aloud);
    if (wrong)
        printf("does not hold: %s\n", wrong);
    (void)fflush(stdout);
    int status = story_teardown(&state);
    _exit(wrong || status ? 1 : 0);
}

static pid_t life_start(const struct life *life, bool aloud)
{
    (void)fflush(stdout);
    pid_t child = fork();
    if (child == 0)
        live_and_exit(life, aloud);
    return child;
}

static bool life_is_fine(const struct life *life)
{
    int status = 1;
    waitpid(life_start(life, false), &status, 0);
    return status == 0;
}

/* Leaves out pieces, from halves down to single steps, as long as it still goes wrong. */
static void life_shrink(struct life *life)
{
    for (int piece = life->count / 2; piece >= 1; piece = piece > 1 ? piece / 2 : 0)
        for (int at = 0; at + piece <= life->count;) {
            struct life less = *life;
            memmove(less.steps + at, less.steps + at + piece,
                    sizeof *less.steps * (size_t)(life->count - at - piece));
            less.count -= piece;
            if (life_is_fine(&less))
                at += piece;
            else
                *life = less;
        }
}

static void life_tell(uint64_t seed, int64_t number)
{
    struct life life = life_make(seed, number);
    printf("life %lld of seed %llu goes wrong; the fewest steps that do:\n", (long long)number,
           (unsigned long long)seed);
    (void)fflush(stdout);
    life_shrink(&life);
    int status;
    waitpid(life_start(&life, true), &status, 0);
}

/* Lives `count` of them, some at once; how many went wrong. The first of those is told. */
static int walk_lives(uint64_t seed, int64_t count)
{
    pid_t running[LIVES_AT_ONCE] = {0};
    int64_t numbers[LIVES_AT_ONCE] = {0};
    int failed = 0;
    for (int64_t number = 0; number < count + LIVES_AT_ONCE; number++) {
        int slot = (int)(number % LIVES_AT_ONCE);
        int status = 0;
        if (running[slot] > 0)
            waitpid(running[slot], &status, 0);
        if (status != 0 && failed++ == 0)
            life_tell(seed, numbers[slot]);
        running[slot] = 0;
        numbers[slot] = number;
        struct life life = number < count ? life_make(seed, number) : (struct life){0};
        if (number < count)
            running[slot] = life_start(&life, false);
    }
    return failed;
}

/* Whether a planted fault is found, and nothing else told than it. */
static bool walk_sees(void)
{
    struct life life = life_make(1, 1);
    life.steps[LIFE_STEPS / 2] = step_planted();
    if (life_is_fine(&life))
        return false;
    life_shrink(&life);
    return life.count == 1 && life.steps[0].what == step_planted().what;
}

int main(int argc, char **argv)
{
    int64_t steps = 0;
    int64_t seed = clock_system_seconds();
    if (argc < 2 || !str_to_int(argv[1], &steps) || (argc > 2 && !str_to_int(argv[2], &seed))) {
        (void)fprintf(stderr, "walk STEPS [SEED]\n");
        return 2;
    }
    if (!walk_sees()) {
        printf("a planted fault is not found\n0 passed, 1 failed\n");
        return 1;
    }
    int64_t lives = (steps + LIFE_STEPS - 1) / LIFE_STEPS;
    int failed = walk_lives((uint64_t)seed, lives);
    printf("seed %lld: %lld steps in %lld lives\n", (long long)seed,
           (long long)(lives * LIFE_STEPS), (long long)lives);
    printf("%lld passed, %d failed\n", (long long)lives - failed, failed);
    return failed ? 1 : 0;
}
