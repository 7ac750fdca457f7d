using System.Text.Json.Serialization;
using VetCommunity.App.Members;
using VetCommunity.Core.Learning;
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
/// <param name="Question">The question that is open, or whose results everybody sees; null for none.</param>
sealed record StageAnswer(string Conversation, string Phase, long Version, long Turn, int Slide, int Slides, int Step, string? Title, PersonAnswer? Lead, IReadOnlyList<PersonAnswer> Hands, AskedAnswer? Question);

/// <summary>The question on the stage.</summary>
/// <param name="Number">What an answer names.</param>
/// <param name="Key">Its name in the slides: what those who lead open and close.</param>
/// <param name="Kind">single, multiple, scale, ranking, words, text or ideas.</param>
/// <param name="Text">What it asks, in the caller's language where there is one, in markdown.</param>
/// <param name="Choices">What there is to choose from or to bring into an order, the first one being number 1; empty where nothing is.</param>
/// <param name="From">The least number of a scale; null for what is none.</param>
/// <param name="To">Its greatest number.</param>
/// <param name="IsOpen">Whether it takes answers.</param>
/// <param name="Answered">How many have answered.</param>
/// <param name="Ideas">The ideas of all while everybody sees them, those with most votes first and 50 at most; empty for what asks for none.</param>
/// <param name="MostIdeas">How many ideas one person may have; null for what asks for none.</param>
/// <param name="MostVotes">How many votes one person has.</param>
sealed record AskedAnswer(int Number, string Key, string Kind, string Text, IReadOnlyList<string> Choices, int? From, int? To, bool IsOpen, int Answered, IReadOnlyList<IdeaAnswer> Ideas, int? MostIdeas, int? MostVotes);

/// <summary>An idea of an idea board.</summary>
/// <param name="Id">What a vote names.</param>
/// <param name="Text">The idea, plain.</param>
/// <param name="Votes">How many have voted for it.</param>
sealed record IdeaAnswer(string Id, string Text, int Votes);

/// <summary>How far a question is to be.</summary>
/// <param name="Open">Whether it takes answers.</param>
/// <param name="Shown">Whether everybody sees what was answered; null leaves it as it is.</param>
sealed record QuestionWish([property: JsonRequired] bool Open, bool? Shown);

/// <summary>What the caller answers to a question.</summary>
/// <param name="Numbers">Of the answers chosen, from 1 on; one number of a scale; each thing's number in the order wished. Empty for words, texts and ideas.</param>
/// <param name="Text">Words or a text; or all one's ideas, a line each, where null leaves them as they are.</param>
/// <param name="Votes">The ids of all ideas that get one's votes; null leaves them as they are.</param>
sealed record GivenAnswer(IReadOnlyList<int>? Numbers, string? Text, IReadOnlyList<string>? Votes);

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
        sessions.MapPut("/{slug}/questions/{key}", WishAsync).Described("setQuestion", Tag, "As who leads opens or closes a question of the slides, and shows or hides what was answered", ApiDescription.NotNow, 413, 415);
        sessions.MapPut("/{slug}/answers/{number:int}", GiveAsync).Described("answerQuestion", Tag, "Answers the question on the stage; another answer takes the place of the first", ApiDescription.NotNow, 413, 415);
        sessions.MapPut("/{slug}/hand", (string slug, Stages stages, CurrentActor who) => HandAsync(slug, up: true, stages, who)).Described("raiseHand", Tag, "Raises the own hand", ApiDescription.NotNow);
        sessions.MapDelete("/{slug}/hand", (string slug, Stages stages, CurrentActor who) => HandAsync(slug, up: false, stages, who)).Described("lowerHand", Tag, "Takes the own hand down");
    }

    static async Task<IResult> SeeAsync(string slug, Stages stages, CurrentActor who, CancellationToken cancel)
    {
        var state = (await stages.SeeAsync(who.Actor, slug, cancel)).State;
        var phase = state.Phase switch { SessionPhase.Planned => "planned", SessionPhase.Running => "running", SessionPhase.Ended => "ended", _ => "calledOff" };
        return Results.Ok(new StageAnswer(state.Room, phase, state.Version, state.Turn, state.Slide, state.Original.Slides.Count, state.Step, state.Phase == SessionPhase.Planned ? null : state.SlideIn(who.Actor.Language)?.Slide.Title,
            state.Lead is { } lead ? new(lead, state.LeadName!) : null, [.. state.Hands.Select(hand => new PersonAnswer(hand.Handle, hand.Name))], AskedOf(state.Question, who.Actor.Language)));
    }

    static AskedAnswer? AskedOf(StageQuestion? asked, string language)
    {
        if (asked is null)
            return null;
        var (question, _) = asked.Texts.In(language);
        return new(asked.Number, asked.Key, question.Kind.ToString().ToLowerInvariant(), question.Text, question.Choices, (question as ScaleQuestion)?.From, (question as ScaleQuestion)?.To, asked.IsOpen, asked.Answered,
            question is IdeasQuestion && asked.Result is { } result ? [.. result.Count.Lines.Select(line => new IdeaAnswer(IdeasQuestion.KeyOf(line.Word), line.Word, line.Count))] : [],
            (question as IdeasQuestion)?.Most, (question as IdeasQuestion)?.Votes);
    }

    // Not cancelled with the connection, here and below: whoever asks again finds what was done.
    static async Task<IResult> TurnAsync(string slug, SlideTurn turn, Stages stages, CurrentActor who)
    {
        await stages.TurnAsync(who.Actor, slug, turn.Seen, turn.Back);
        return await SeeAsync(slug, stages, who, CancellationToken.None);
    }

    static async Task<IResult> WishAsync(string slug, string key, QuestionWish wish, StageQuestions questions, CurrentActor who)
    {
        await (wish.Open ? questions.OpenAsync(who.Actor, slug, key) : questions.CloseAsync(who.Actor, slug, key));
        if (wish.Shown is { } shown)
            await (shown ? questions.ShowResultsAsync(who.Actor, slug, key) : questions.HideResultsAsync(who.Actor, slug, key));
        return Results.NoContent();
    }

    static async Task<IResult> GiveAsync(string slug, int number, GivenAnswer answer, StageQuestions questions, CurrentActor who)
    {
        await questions.AnswerAsync(who.Actor, slug, number, new(answer.Numbers ?? [], answer.Text) { Votes = answer.Votes });
        return Results.NoContent();
    }

    static async Task<IResult> HandAsync(string slug, bool up, Stages stages, CurrentActor who)
    {
        await stages.HandAsync(who.Actor, slug, up);
        return Results.NoContent();
    }
}
