-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Of those alone whom somebody brought: most come by themselves, and each of them paid for it.
DROP INDEX sign_up_by_brought;
CREATE INDEX sign_up_by_brought ON sign_up (brought_by, state, id) WHERE brought_by > 0;
