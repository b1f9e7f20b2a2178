/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* People's own data: all of it to take along or to have erased, how long what is kept, and the
 * pages that the law wants. */
#pragma once

struct feature;
struct form;

extern const struct feature privacy_feature;
/* What an administrator says on /administration/legal; its fields are the names in the audit log.
 */
extern const struct form privacy_form;
