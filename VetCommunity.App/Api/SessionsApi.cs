using System.Text.Json.Serialization;
using VetCommunity.App.Members;
using VetCommunity.Core.Live;

namespace VetCommunity.App.Api;

/// <summary>What everybody in a session sees.</summary>
/// <param name="Conversation">The short name of its room: what the hub's Open takes.</param>
/// <param name="Phase">planned, running, ended or calledOff.</param>
/// <param name="Version">It rises with each change.</param>
/// <param name="Turn">What a call that turns the slides names as seen.</param>
/// <param name="Slide">The slide on the stage, from 1.</param>
/// <param name="Slides">How many there are.</param>
/// <param name="Step">How many steps of it are shown besides its beginning.</param>
/// <param name="Title">Its title in the caller's language where there is one; null without slides.</param>
/// <param name="Lead">Who moves the slides; null before it begins.</param>
/// <param name="Hands">The speaker queue, in its order.</param>
sealed record StageAnswer(string Conversation, string Phase, long Version, long Turn, int Slide, int Slides, int Step, string? Title, PersonAnswer? Lead, IReadOnlyList<PersonAnswer> Hands);

/// <summary>A press of a clicker.</summary>
/// <param name="Seen">The turn that was seen: where the slides were moved by now, nothing is.</param>
/// <param name="Back">Back instead of on.</param>
sealed record SlideTurn([property: JsonRequired] long Seen, bool Back);

/// <summary>Live sessions, for what presenters hold in the hand and what stands beside a projector.</summary>
static class SessionsApi
{
    const string Tag = "Live sessions";

    public static void Map(RouteGroupBuilder sessions)
    {
        sessions.MapGet("/{slug}/stage", SeeAsync).Described<StageAnswer>("readStage", Tag, "What everybody in a session sees");
        sessions.MapPost("/{slug}/turn", TurnAsync).Described<StageAnswer>("turnSlides", Tag, "As whoever has the lead turns the slides one step; one press is one step, whoever else pressed", ApiDescription.NotNow, 413, 415);
        sessions.MapPut("/{slug}/hand", (string slug, Stages stages, CurrentActor who) => HandAsync(slug, up: true, stages, who)).Described("raiseHand", Tag, "Raises the own hand", ApiDescription.NotNow);
        sessions.MapDelete("/{slug}/hand", (string slug, Stages stages, CurrentActor who) => HandAsync(slug, up: false, stages, who)).Described("lowerHand", Tag, "Takes the own hand down");
    }

    static async Task<IResult> SeeAsync(string slug, Stages stages, CurrentActor who, CancellationToken cancel)
    {
        var state = (await stages.SeeAsync(who.Actor, slug, cancel)).State;
        var phase = state.Phase switch { SessionPhase.Planned => "planned", SessionPhase.Running => "running", SessionPhase.Ended => "ended", _ => "calledOff" };
        return Results.Ok(new StageAnswer(state.Room, phase, state.Version, state.Turn, state.Slide, state.Original.Slides.Count, state.Step, state.Phase == SessionPhase.Planned ? null : state.SlideIn(who.Actor.Language)?.Slide.Title,
            state.Lead is { } lead ? new(lead, state.LeadName!) : null, [.. state.Hands.Select(hand => new PersonAnswer(hand.Handle, hand.Name))]));
    }

    // Not cancelled with the connection, here and below: whoever asks again finds what was done.
    static async Task<IResult> TurnAsync(string slug, SlideTurn turn, Stages stages, CurrentActor who)
    {
        await stages.TurnAsync(who.Actor, slug, turn.Seen, turn.Back);
        return await SeeAsync(slug, stages, who, CancellationToken.None);
    }

    static async Task<IResult> HandAsync(string slug, bool up, Stages stages, CurrentActor who)
    {
        await stages.HandAsync(who.Actor, slug, up);
        return Results.NoContent();
    }
}
