using VetCommunity.App.CommandLine;
using VetCommunity.App.Conversations;
using VetCommunity.App.Discussion;
using VetCommunity.App.Members;
using VetCommunity.App.Shell;

if (Verbs.Names(args))
    return await Verbs.RunAsync(args);

var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.WebHost.UseStaticWebAssets();
builder.AddCommunity();
builder.AddShell();
builder.AddMembers();
builder.AddConversations();

var app = builder.Build();
if (!await app.PrepareAsync())
    return 1;
app.UseShell();
app.UseMembers();
app.MapShell();
app.MapMembers();
app.MapConversations();
app.MapRooms();
return await app.ListenAsync();
