using System.Diagnostics;
using VetCommunity.Core.Conversations;

namespace VetCommunity.Core.Watching;

/// <summary>
/// The way of a message as spans: the hub's call, the post, the commit of the group it is in, the feed, the push of what leaves together, and in it the rendering and the sending. Where several become one,
/// the first is continued and the others are linked. No span says who, where or what. While nobody listens nothing is made.
/// </summary>
public static class Traces
{
    static readonly ActivitySource Source = new(Measures.Name);

    /// <summary>Whether anybody listens.</summary>
    public static bool AreHeard => Source.HasListeners();

    /// <summary>A span that belongs to no request: what a browser or a proxy sends along decides nothing here.</summary>
    /// <param name="name">What is done, a word of the program.</param>
    /// <param name="kind">Where it stands.</param>
    public static Activity? Begin(string name, ActivityKind kind)
    {
        if (!Source.HasListeners())
            return null;
        if (Activity.Current is { } outer && outer.Source != Source)
            Activity.Current = null;
        return Source.StartActivity(name, kind);
    }

    /// <summary>A span that goes on with what others began; null where none of them was a span.</summary>
    /// <param name="name">What is done.</param>
    /// <param name="from">The first is continued, the others are linked.</param>
    public static Activity? Continue(string name, IReadOnlyList<ActivityContext>? from) => from is [var first, ..]
        ? Source.StartActivity(name, ActivityKind.Internal, first, tags: null, links: from.Skip(1).Select(other => new ActivityLink(other))) : null;

    /// <inheritdoc cref="Continue(string, IReadOnlyList{ActivityContext}?)"/>
    public static Activity? Continue(string name, ActivityContext from) => from == default ? null : Source.StartActivity(name, ActivityKind.Internal, from);

    /// <summary>A part of the span that is under way; null where there is none of ours.</summary>
    /// <param name="name">What is done.</param>
    public static Activity? Part(string name) => Activity.Current is { } outer && outer.Source == Source ? Source.StartActivity(name) : null;

    /// <summary>The span that is under way, where it is one of ours.</summary>
    internal static Activity? Current => Activity.Current is { } current && current.Source == Source ? current : null;

    /// <summary>The commit of a group.</summary>
    internal static Activity? Commit(List<LogEntry> group)
    {
        if (!Source.HasListeners())
            return null;
        var commit = Continue("commit", [.. group.Select(entry => entry.Span).OfType<Activity>().Select(span => span.Context).Distinct()]);
        commit?.SetTag("vetcommunity.group.size", group.Count);
        return commit;
    }
}
