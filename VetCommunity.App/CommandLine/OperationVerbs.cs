using System.Globalization;
using VetCommunity.Core;
using VetCommunity.Core.Operation;

namespace VetCommunity.App.CommandLine;

/// <summary>The verbs that look after the whole installation.</summary>
static class OperationVerbs
{
    public static async Task BackupAsync(IServiceProvider services, string file)
    {
        var made = await services.GetRequiredService<Backups>().WriteAsync(Actor.Operator, file);
        foreach (var lost in made.Lost)
            await Console.Error.WriteLineAsync($"The file {lost} of a message is not in the folder of uploads, so it is not in the backup either.");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{made.Members} members, {made.Messages} messages and {made.Files} of their files are in {made.File} ({made.Bytes / 1024} KB)."));
        Console.WriteLine("With it anybody can read everything and log in as anyone: keep it as well as the server.");
    }

    public static async Task ExportAsync(IServiceProvider services, string folder)
    {
        var made = await services.GetRequiredService<CommunityExport>().WriteAsync(Actor.Operator, folder);
        foreach (var lost in made.Lost)
            await Console.Error.WriteLineAsync($"The file {lost} of a message is not in the folder of uploads, so it is not in the export either.");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{made.Rooms} rooms with {made.Messages} messages, {made.Practices} practices, {made.Members} members and {made.Files} files are in {made.Folder}."));
        Console.WriteLine("It is no backup: it holds no passwords and nothing that people said to one another alone. It does hold names and addresses.");
    }

    public static async Task RestoreAsync(IServiceProvider services, string file)
    {
        var restored = await services.GetRequiredService<Restoring>().RestoreAsync(Actor.Operator, file);
        foreach (var lost in restored.Lost)
            await Console.Error.WriteLineAsync($"The file {lost} of a message was missing already when the backup was made.");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{restored.Members} members, {restored.Messages} messages and {restored.Files} of their files are restored as they were on {restored.MadeAt:u}."));
        foreach (var back in restored.BackAgain)
            Console.WriteLine($"{back} left after that day; the server deletes the account again when it starts.");
        if (!restored.KnowsWhoLeft)
            Console.WriteLine("There is no list of who left since (erased.txt of the former data folder): put it into the data folder before the server starts, or they are back.");
    }

    public static async Task ExamineAsync(IServiceProvider services)
    {
        int all = 0, bad = 0;
        await foreach (var found in services.GetRequiredService<Doctor>().ExamineAsync(Actor.Operator))
        {
            Console.WriteLine($"{(found.IsGood ? "ok  " : "FAIL")}  {found.Name,-10}{found.Sentence}");
            all++;
            bad += found.IsGood ? 0 : 1;
        }
        if (bad > 0)
            throw new OperationFailedException(string.Create(CultureInfo.InvariantCulture, $"{bad} of {all} checks failed."));
    }
}
