// Where the page's parts meet.
import { App } from "./app.js";
import { Clock } from "./clock.js";
import { Conversation } from "./conversation.js";
import { mountDrawers } from "./drawers.js";
import { Home } from "./home.js";
import { Modals } from "./modals.js";
import { Preferences } from "./preferences.js";
import { keepPresses } from "./press.js";
import { Sidebar } from "./sidebar.js";
import { Thread } from "./thread.js";
import { mountToasts } from "./toast.js";
import { Tour } from "./tour.js";

const app = new App();
const at = (id) => document.getElementById(id);

mountToasts(app);
keepPresses();
const drawers = mountDrawers(app);
new Sidebar(app, at("side"));
const channel = new Conversation(app, at("main"), drawers);
const thread = new Thread(app, at("thread"));
new Home(app, channel.scroll);
new Modals(app);
new Preferences(app, at("preferences"));
new Clock(app, at("clock"));
new Tour(app, at("tour"), { channel, thread, closeDrawers: drawers.close });
await app.start();
document.body.dataset.ready = "true";
