-- SPDX-License-Identifier: AGPL-3.0-or-later
-- For what anybody may have typed its address, "sign-in"; '' where nobody did, or once its owner has shown that it was wanted.
ALTER TABLE mail ADD COLUMN typed_for TEXT NOT NULL DEFAULT '';
CREATE INDEX mail_typed ON mail (to_address, typed_for, created_at) WHERE typed_for <> '';
