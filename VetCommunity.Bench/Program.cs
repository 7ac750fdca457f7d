using VetCommunity.Bench;

// Ratios against a floor that runs in the same call; absolute figures of one machine say nothing about another.
switch (args)
{
    case ["posts"]:
        await Posts.RunAsync();
        return 0;
    case ["search", .. var options] when options.All(option => option is "--practices"):
        return await SearchLoad.RunAsync(options.Contains("--practices"));
    case ["pages"]:
        return await PagesLoad.RunAsync();
    case ["render"]:
        return await RenderLoad.RunAsync();
    case ["stage", .. var options] when options.All(option => option is "--quick"):
        return await StageLoad.RunAsync(options.Contains("--quick"));
    case ["start"]:
        return await StartLoad.RunAsync();
    case ["soak", .. var options] when options.All(option => option is "--quick"):
        return await Soak.RunAsync(options.Contains("--quick"));
    case ["capped", .. var options] when options.All(option => option is "--quick"):
        return await Capped.RunAsync(options.Contains("--quick"));
    case ["beside"]:
        return await Beside.RunAsync(only: null);
    case ["beside", var kind] when Beside.Knows(kind):
        return await Beside.RunAsync(kind);
    case ["rooms", .. var options] when options.All(option => option is "--quick" or "--ejabberd"):
        return await RoomLoad.RunAsync(options.Contains("--quick"), options.Contains("--ejabberd"));
    case ["bare-hub", var url]:
        // Started by "rooms" for itself.
        return await BareHub.RunAsync(url);
    default:
        Console.Error.WriteLine("Usage: dotnet run -c Release --project VetCommunity.Bench -- posts | search [--practices] | pages | render | start | soak [--quick] | capped [--quick] | beside [kind] | stage [--quick] | rooms [--quick] [--ejabberd]");
        return 2;
}
