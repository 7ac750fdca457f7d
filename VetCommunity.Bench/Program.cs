using VetCommunity.Bench;

// Ratios against a floor that runs in the same call; absolute figures of one machine say nothing about another.
switch (args.FirstOrDefault())
{
    case "posts":
        await Posts.RunAsync();
        return 0;
    default:
        Console.Error.WriteLine("Usage: dotnet run -c Release --project VetCommunity.Bench -- posts");
        return 2;
}
