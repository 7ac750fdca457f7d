using System.Text.Json;
using System.Xml;

namespace VetCommunity.Core.Demo;

sealed record DemoPerson(string Email, string Handle, string Name, string[]? Roles, string? Organisation, string? Country, string[]? Languages, string[]? Sectors,
    string? TimeZone, string? Biography, string[]? Translates = null);

sealed record DemoOrganisation(string Slug, string Name, string Type, string Country, string? Region, string[]? Languages, string[]? Sectors, string? Description,
    string? DescriptionLocal, string? Website);

sealed record DemoRoom(string Slug, string Title, string? Purpose, string? Language, bool Closed, JsonElement Members, string? DefaultTopic, DemoMessage[] Messages,
    DemoResolution[]? Resolutions, DemoDecision? Decision = null, DemoHours? Hours = null, DemoDraft? Draft = null, DemoTranslation[]? Translations = null)
{
    /// <summary>Handles; null for everybody.</summary>
    public string[]? Handles => Members.ValueKind == JsonValueKind.Array ? [.. Members.EnumerateArray().Select(handle => handle.GetString()!)] : null;
}

sealed record DemoMessage(string Key, string? Topic, string Author, string? Ago, double? MinutesAgo, string Text, string? ReplyTo, DemoReaction[]? Reactions,
    string? Edited, bool Deleted, DemoPoll? Poll, DemoAttachment[]? Attachments = null)
{
    public TimeSpan Age => Ago is not null ? XmlConvert.ToTimeSpan(Ago) : TimeSpan.FromMinutes(MinutesAgo ?? 0);
}

/// <param name="File">Its name in the folder <c>files</c>, and what it is called.</param>
/// <param name="Alt">Of a picture: what it shows.</param>
sealed record DemoAttachment(string File, string? Alt);

sealed record DemoPoll(string[] Options, bool Several, bool Secret, DemoVote[] Votes);

sealed record DemoVote(string By, int[] Choices);

sealed record DemoResolution(string Topic, string Outcome, string By, string Ago, string Sentence);

sealed record DemoReaction(string Emoji, string[] By);

/// <summary>What the files of the demo world say.</summary>
sealed record DemoFiles(DemoPerson[] People, DemoOrganisation[] Organisations, DemoRoom[] Rooms, DemoTerm[] Glossary, DemoPractice[] Practices, DemoAdoption[] Adoptions, DemoSession[] Sessions, DemoCollection[] Collections, DemoReview[] Reviews)
{
    public static bool ExistIn(string folder) => File.Exists(Path.Combine(folder, "people.json")) && File.Exists(Path.Combine(folder, "organisations.json"));

    public static DemoFiles Read(string folder)
    {
        var rooms = Path.Combine(folder, "rooms");
        return new(
            ReadFile<DemoPerson[]>(Path.Combine(folder, "people.json")),
            ReadFile<DemoOrganisation[]>(Path.Combine(folder, "organisations.json")),
            Directory.Exists(rooms) ? [.. Directory.GetFiles(rooms, "*.json").Order(StringComparer.Ordinal).Select(ReadFile<DemoRoom>)] : [],
            File.Exists(Path.Combine(folder, "glossary.json")) ? ReadFile<DemoTerm[]>(Path.Combine(folder, "glossary.json")) : [],
            DemoPractice.In(Path.Combine(folder, "practices")),
            File.Exists(Path.Combine(folder, "adoptions.json")) ? ReadFile<DemoAdoption[]>(Path.Combine(folder, "adoptions.json")) : [],
            DemoSession.In(Path.Combine(folder, "sessions")),
            File.Exists(Path.Combine(folder, "collections.json")) ? ReadFile<DemoCollection[]>(Path.Combine(folder, "collections.json")) : [],
            File.Exists(Path.Combine(folder, "reviews.json")) ? ReadFile<DemoReview[]>(Path.Combine(folder, "reviews.json")) : []);
    }

    static T ReadFile<T>(string path)
    {
        using var file = File.OpenRead(path);
        try
        {
            return JsonSerializer.Deserialize<T>(file, JsonSerializerOptions.Web) ?? throw new JsonException("it is empty");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path}: {error.Message}", error);
        }
    }
}
