// On every page: htmx's needs, keys, looks, Ctrl+K, and the small boxes that forms and filters use.

import "./cmd-k.js";
import "./date-box.js";
import "./pick-box.js";
import { listenToErrors } from "./shell/errors.js";
import { listenToHtmx } from "./shell/htmx.js";
import { listenToKeys } from "./shell/keys.js";
import { listenToLooks } from "./shell/looks.js";

listenToErrors();
listenToHtmx();
listenToKeys();
listenToLooks();
performance.mark("app-ready");
