using Microsoft.AspNetCore.Components;
using VetCommunity.Core;
using VetCommunity.Core.Documents;

namespace VetCommunity.App.GoodPractice;

/// <summary>What the pages share on which one writes in a practice: which language of it, its draft, and what another window or person made of it meanwhile.</summary>
public abstract class PracticeWriting(ILogger log) : PracticeForm(log)
{
    [Inject] protected AllDocuments Documents { get; set; } = null!;
    [Inject] protected DocumentDrafts Drafts { get; set; } = null!;

    [Parameter] public string Slug { get; set; } = "";
    [SupplyParameterFromQuery] public string? Language { get; set; }

    protected FoundDocument? Document { get; private set; }

    protected LanguageLine Version { get; private set; } = null!;

    protected VersionAddress Address => new(DocumentKind.Practice, Slug, Version.Language);

    /// <summary>The page's address with the language, so that what comes after is about the same one.</summary>
    protected string In(string page) => $"/practices/{Slug}{page}?language={Version.Language}";

    /// <summary>Finds the practice and the language that is meant: the one in the address, else the original.</summary>
    /// <exception cref="NotFoundException">Absent, not the actor's to read, or no such language.</exception>
    protected async Task FindAsync(bool toWrite)
    {
        var found = await Documents.FindAsync(Current.Actor, DocumentKind.Practice, Slug, Http.RequestAborted);
        if (toWrite && !found.MayWrite)
            throw new NotFoundException("page");
        Version = found.Languages.FirstOrDefault(one => Language is null || one.Language == Language) ?? throw new NotFoundException("page");
        Document = found;
    }
}
