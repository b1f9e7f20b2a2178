/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One's own page, whose routes stand with the feature's others. */
#pragma once
#include "web/form.h"
#include "web/route.h"

extern const struct form own_page_form;
extern const struct form own_language_form;
route_handler own_page_show;
route_handler own_page_handle;
route_handler own_language_handle;
route_handler own_login_end_handle;
route_handler own_logins_end_handle; /* all but this one */

extern const struct view account_view;
