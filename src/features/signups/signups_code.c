/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The two secrets of a guest: the token, which stands in every mail and needs no table to be
 * checked, and the six digits, which hold for one browser, for an hour, for five tries. */
#include "core/outbox/outbox.h"
#include "features/signups/signups_local.h"

#include <string.h>

#include "base/mem.h"
#include "base/refusal.h"
#include "sys/crypt.h"
#include "web/request.h"
#include "web/work.h"

static const struct refusal code_wrong = {
    422, "code_wrong", N_("This code is not right. Please look at the latest e-mail again."),
    .keeps = true};
static const struct refusal code_used_up = {
    422, "code_used_up",
    N_("This code cannot be used any more. Please use the link in the e-mail, or sign up again.")};

static const char *token_of(struct work *work, const char *handle, int64_t generation)
{
    const char *signed_text = mem_printf(work->mem, "%s:%lld", handle, (long long)generation);
    return mem_printf(work->mem, "%s%s", handle, work_mac(work, "sign_up.token", signed_text));
}

const char *sign_up_token(struct work *work, const struct sign_up *sign_up)
{
    return token_of(work, sign_up->handle, sign_up->generation);
}

const struct sign_up *sign_up_get_by_token(struct work *work, const char *token)
{
    if (strlen(token) <= HANDLE_CHARS)
        return NULL;
    const struct sign_up *sign_up =
        sign_up_get_by_handle(work, mem_strndup(work->mem, token, HANDLE_CHARS));
    return sign_up && crypt_equal(token, sign_up_token(work, sign_up)) ? sign_up : NULL;
}

const char *sign_up_path(struct work *work, const struct sign_up *sign_up)
{
    return path_make(work->mem, "/sign-ups/%s", sign_up_token(work, sign_up));
}

static const char *code_mac(struct work *work, const char *handle, const char *digits)
{
    return work_mac(work, "sign_up.code", mem_printf(work->mem, "%s:%s", handle, digits));
}

const struct sign_up_code *sign_up_code_new(struct work *work, const struct sign_up *sign_up,
                                            int64_t held_until, const char **ret_digits)
{
    struct sign_up_code *code = MEM_NEW(work->mem, struct sign_up_code);
    *ret_digits = work_new_code(work);
    code->id = work_new_id(work);
    code->handle = work_new_handle(work, CODE_HANDLE_CHARS);
    code->sign_up_id = sign_up->id;
    code->asked = sign_up->asked;
    code->code_mac = code_mac(work, code->handle, *ret_digits);
    code->held_until = held_until;
    code->expires_at = work->now + CODE_SECONDS;
    sign_up_code_insert(work, code);
    return code;
}

const struct refusal *sign_up_code_use(struct work *work, const char *handle, const char *digits,
                                       struct sign_up_id *ret_id)
{
    const struct sign_up_code *code = sign_up_code_try(work, handle);
    if (!code)
        return &code_used_up;
    if (!crypt_equal(code->code_mac, code_mac(work, handle, digits)))
        return &code_wrong;
    const struct sign_up *sign_up = sign_up_get(work, code->sign_up_id);
    if (!sign_up)
        return &refusal_not_found;
    *ret_id = sign_up->id;
    outbox_address_proved(work, sign_up->email);
    return sign_up->asked == code->asked ? sign_up_confirm_as_asked(work, sign_up->id) : NULL;
}

const char *sign_up_ref(struct work *work, struct sign_up_id id)
{
    const struct sign_up *sign_up = sign_up_get(work, id);
    return sign_up ? sign_up->ref : "";
}

bool sign_up_answer_again(struct work *work, int64_t code_id, struct sign_up_answer *ret_answer)
{
    const struct sign_up_code *code = sign_up_code_get_by_id(work, code_id);
    if (!code)
        return false;
    *ret_answer = (struct sign_up_answer){
        .state = sign_up_state_name(SIGN_UP_PENDING),
        .handle = code->handle,
        .expires_at = code->held_until,
        .id = code->sign_up_id,
        .code_id = code->id,
    };
    return true;
}
