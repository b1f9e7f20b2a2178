/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The files that the program carries, as the build made them: found by name and by address, and
 * smaller where they are compressed. What they look like is a matter for the browser's tests. */
#include "web/assets.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

static void every_file_is_found_by_its_address(void **state)
{
    (void)state;
    int count = 0;
    for (const struct asset *asset = assets; asset->name; asset++, count++) {
        assert_string_equal(asset_url(asset->name), asset->url);
        assert_ptr_equal(asset_by_url(asset->url), asset);
        assert_ptr_equal(strstr(asset->url, "/assets/"), asset->url);
        assert_true(asset->count > 0);
    }
    assert_true(count > 0);
}

static void an_address_with_another_hash_is_nothing(void **state)
{
    (void)state;
    assert_null(asset_by_url("/assets/app.000000000000.css"));
    assert_null(asset_by_url("/assets/app.css"));
    assert_null(asset_by_url(""));
}

static void a_compressed_form_is_smaller_or_not_there(void **state)
{
    (void)state;
    for (const struct asset *asset = assets; asset->name; asset++) {
        assert_true(asset->gzip ? asset->gzip_count < asset->count : asset->gzip_count == 0);
        assert_true(asset->brotli ? asset->brotli_count < asset->count : asset->brotli_count == 0);
        if (asset->gzip)
            assert_memory_equal(asset->gzip, "\x1f\x8b", 2);
    }
}

static void the_style_sheet_holds_the_tokens_and_is_compressed(void **state)
{
    (void)state;
    const struct asset *sheet = asset_by_url(asset_url("app.css"));
    assert_string_equal(sheet->type, "text/css; charset=utf-8");
    const char *tokens = memmem(sheet->bytes, sheet->count, ":root", 5);
    assert_non_null(tokens);
    assert_true(sheet->gzip_count > 0 && sheet->brotli_count > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_file_is_found_by_its_address),
        cmocka_unit_test(an_address_with_another_hash_is_nothing),
        cmocka_unit_test(a_compressed_form_is_smaller_or_not_there),
        cmocka_unit_test(the_style_sheet_holds_the_tokens_and_is_compressed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
