using VetCommunity.App.CommandLine;

if (Verbs.Names(args))
    return await Verbs.RunAsync(args);
var app = Server.Build(args);
if (!await app.PrepareAsync())
    return 1;
Server.Map(app);
return await app.ListenAsync();
