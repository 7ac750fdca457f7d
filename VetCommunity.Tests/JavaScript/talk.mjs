// Two members talk through the npm client of SignalR; what it heard goes to standard output as one JSON object.
import { HubConnectionBuilder, LogLevel } from "@microsoft/signalr";

const { ADDRESS, ANNA, BRUNO } = process.env;

const connect = token => new HubConnectionBuilder()
    .withUrl(new URL("/hubs/conversations", ADDRESS).href, { accessTokenFactory: () => token })
    .configureLogging(LogLevel.None)
    .build();

// The event that is the awaited one; what else happens in the room is not ours.
const next = (connection, name, isIt) => new Promise(resolve => connection.on(name, told => {
    for (const one of [told].flat())
        if (isIt(one))
            resolve(one);
}));

const stranger = connect("vct_wrong");
const refused = await stranger.start().then(() => null, error => error.message);

const anna = connect(ANNA);
const bruno = connect(BRUNO);
await anna.start();
await bruno.start();
const opened = await anna.invoke("Open", "welcome", null, "json");
const openedHtml = await bruno.invoke("Open", "welcome", null, "html:it");

const isOurs = told => told.seq > opened.lastSeq;
const heard = { posted: next(anna, "MessagePosted", isOurs), postedHtml: next(bruno, "Fragments", isOurs) };
const receipt = await anna.invoke("Post", { conversation: "welcome", clientKey: "from-npm", topic: null, markdown: "from **npm**", replyToSeq: null, attachments: null });
const again = await anna.invoke("Post", { conversation: "welcome", clientKey: "from-npm", topic: null, markdown: "from **npm**", replyToSeq: null, attachments: null });
const posted = await heard.posted;
const postedHtml = await heard.postedHtml;

const isEdit = told => told.seq === receipt.seq && told.version > posted.version;
const changed = { edited: next(anna, "MessageEdited", isEdit), editedHtml: next(bruno, "Fragments", isEdit) };
await anna.invoke("Edit", { conversation: "welcome", seq: receipt.seq, markdown: "from *npm*" });
const edited = await changed.edited;
const editedHtml = await changed.editedHtml;

const changes = await anna.invoke("Changes", "welcome", opened.version, "json");
const changesHtml = await bruno.invoke("Changes", "welcome", opened.version, "html:it");
const older = await anna.invoke("Older", "welcome", opened.lastSeq, "json");
const absent = await anna.invoke("Open", "there-is-no-such-room", null, "json").then(() => null, error => error.message);
await anna.stop();
await bruno.stop();

console.log(JSON.stringify({ refused, opened, openedHtml, receipt, again, posted, postedHtml, edited, editedHtml, changes, changesHtml, older, absent }));
