namespace VetCommunity.App.CommandLine;

/// <summary>The verbs of the command line.</summary>
static class Verbs
{
    public static bool Names(string[] args) => false;
    public static Task<int> RunAsync(string[] args) => Task.FromResult(1);
}
