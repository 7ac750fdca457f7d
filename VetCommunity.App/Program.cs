using VetCommunity.App.CommandLine;
using VetCommunity.App.Operation;

if (Verbs.Names(args))
    return await Verbs.RunAsync(args);
CLibrary.KeepFewHeaps();
var app = Server.Build(args);
if (!await app.PrepareAsync())
    return 1;
Server.Map(app);
return await app.ListenAsync();
