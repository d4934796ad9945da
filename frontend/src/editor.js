// The document editor's islands, one entry.

import "./draft-box.js";
import "./line-grid.js";
import "./reason-box.js";
