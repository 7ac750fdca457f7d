using VetCommunity.App.Shell;
using VetCommunity.Core;
using VetCommunity.Core.GoodPractice;

namespace VetCommunity.App.GoodPractice;

/// <summary>On the page of a practice: whoever gets it is a reader.</summary>
[AttributeUsage(AttributeTargets.Class)]
sealed class CountsReadersAttribute : Attribute;

/// <summary>Counts who reads a practice, also where the page was kept for visitors. Nothing of the reader is looked at but the name that a program gives itself.</summary>
sealed class ReaderCount(PracticeReads reads)
{
    // As search engines, previews of links and archives call themselves.
    static readonly string[] Programs = ["bot", "crawl", "spider", "slurp", "externalhit", "preview", "archive"];

    public async Task CountAsync(HttpContext http, RequestDelegate next)
    {
        // Asked before: the page about what failed is another one.
        var slug = http.GetEndpoint()?.Metadata.GetMetadata<CountsReadersAttribute>() is not null && IsPerson(http) ? http.Request.RouteValues["Slug"] as string : null;
        await next(http);
        // What the browser has already is read once more.
        if (slug is not null && http.Response.StatusCode is StatusCodes.Status200OK or StatusCodes.Status304NotModified)
            reads.Count(Actor.Visitor, slug);
    }

    static bool IsPerson(HttpContext http)
    {
        var headers = http.Request.Headers;
        var program = headers.UserAgent.ToString();
        // A browser that fetches what may be read later says so; whoever asks for the head alone reads nothing.
        return HttpMethods.IsGet(http.Request.Method) && !HeadAsGet.IsHead(http) && !headers["Sec-Purpose"].ToString().Contains("prefetch", StringComparison.OrdinalIgnoreCase)
            && !Programs.Any(name => program.Contains(name, StringComparison.OrdinalIgnoreCase));
    }
}

/// <summary>Stores how often practices were read: a server that is killed loses one minute of it, one that is stopped nothing.</summary>
sealed class CountingReads(PracticeReads reads, TimeProvider clock, ILogger<CountingReads> log) : Rounds(TimeSpan.FromMinutes(1), clock, log)
{
    protected override Task GoAsync(CancellationToken cancel) => reads.StoreAsync(Actor.Operator, cancel);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await reads.StoreAsync(Actor.Operator, cancellationToken);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            log.LogWarning(error, "The last reads of practices are not stored");
        }
    }
}
