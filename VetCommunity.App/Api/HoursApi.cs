using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;
using VetCommunity.App.Members;
using VetCommunity.Core;
using VetCommunity.Core.OfficeHours;

namespace VetCommunity.App.Api;

/// <summary>What somebody waits with.</summary>
/// <param name="Line">What it is about, in one line: the name of the topic in which the talk begins.</param>
sealed record LineToWaitWith(string? Line);

/// <summary>What becomes of somebody who is being served.</summary>
/// <param name="State">done, or waiting: back to where they waited before.</param>
sealed record PlaceState(string? State);

/// <summary>A question that is to be answered later.</summary>
/// <param name="Line">What it is about, in one line: the name of its topic.</param>
/// <param name="Text">The question in markdown; where it is empty, the line says all.</param>
/// <param name="ClientKey">1 to 64 characters: the same key again is the same enquiry. The header Idempotency-Key does the same; without either, a repeated call asks again.</param>
/// <param name="Lapsed">The own place that lapsed when the room closed and that this is in place of.</param>
sealed record EnquiryToAsk(string? Line, string? Text, string? ClientKey, int? Lapsed);

/// <summary>Open enquiries of a room: all of them for its hosts and moderators, otherwise one's own.</summary>
/// <param name="All">Whether they are everybody's.</param>
/// <param name="Enquiries">The oldest first.</param>
/// <param name="Next">The cursor of the next page; null on the last one.</param>
sealed record EnquiryList(bool All, IReadOnlyList<EnquiryAnswer> Enquiries, string? Next);

/// <summary>An open enquiry.</summary>
/// <param name="Seq">The number of its message.</param>
/// <param name="Topic">The name of its topic.</param>
/// <param name="TopicSlug">The topic's part of the address.</param>
/// <param name="Author">Who asked.</param>
/// <param name="AskedAt">When.</param>
sealed record EnquiryAnswer(long Seq, string Topic, string TopicSlug, PersonAnswer Author, DateTimeOffset AskedAt);

/// <summary>Opening hours, the queue inside them and enquiries outside. Setting the hours is the page's.</summary>
static class HoursApi
{
    const string Tag = "Opening hours";

    public static void Map(RouteGroupBuilder rooms)
    {
        rooms.MapGet("/{room}/hours", async (string room, Queues queues, CurrentActor who, CancellationToken cancel) => await NowAsync(room, queues, who, cancel))
            .Described<HoursAnswer>("readHours", Tag, "A room's opening hours, and its queue now; 404 for a room without opening hours");
        rooms.MapPost("/{room}/hours/queue", JoinAsync).Described<HoursAnswer>("joinQueue", Tag, "Joins the queue; who is in it keeps their place", ApiDescription.Refuses, ApiDescription.NotNow, 413, 415);
        rooms.MapDelete("/{room}/hours/queue", LeaveAsync).Described("leaveQueue", Tag, "Gives the own place up, also one that lapsed");
        rooms.MapPost("/{room}/hours/queue/next", TakeAsync)
            .Described<HoursAnswer>("takeNext", Tag, "As a host takes the first who waits; who is with somebody already takes nobody else", ApiDescription.Refuses, ApiDescription.NotNow);
        rooms.MapPatch("/{room}/hours/queue/{place:int}", FinishAsync).Described<HoursAnswer>("finishServing", Tag, "As a host or a moderator ends the serving: done, or back to the queue", 413, 415);
        rooms.MapDelete("/{room}/hours/queue/{place:int}", RemoveAsync).Described("removeFromQueue", Tag, "As a moderator takes somebody who waits out of the queue");
        rooms.MapGet("/{room}/hours/enquiries", EnquiriesAsync).Described<EnquiryList>("listEnquiries", Tag, "Open enquiries of a room");
        rooms.MapPost("/{room}/hours/enquiries", AskAsync).Described<MessageReceipt>("askForLater", Tag, "Leaves an enquiry as a topic of the room; 200 where it had been asked before", ApiDescription.Refuses, 413, 415)
            .Produces<MessageReceipt>(StatusCodes.Status201Created);
        rooms.MapPut("/{room}/hours/enquiries/{seq:long}/answered", AnsweredAsync).Described("markAnswered", Tag, "Marks an enquiry as answered: its asker, hosts and moderators may");
    }

    static async Task<IResult> NowAsync(string room, Queues queues, CurrentActor who, CancellationToken cancel = default) =>
        Results.Ok(HoursAnswer.Of(await queues.SeeAsync(who.Actor, room, cancel) ?? throw new NotFoundException("hours"), who.Actor));

    // Not cancelled with the connection, here and below: whoever asks again finds what was done.
    static async Task<IResult> JoinAsync(string room, LineToWaitWith with, Queues queues, CurrentActor who)
    {
        await queues.JoinAsync(who.Actor, room, with.Line);
        return await NowAsync(room, queues, who);
    }

    static async Task<IResult> LeaveAsync(string room, Queues queues, CurrentActor who)
    {
        await queues.LeaveAsync(who.Actor, room);
        return Results.NoContent();
    }

    static async Task<IResult> TakeAsync(string room, Queues queues, CurrentActor who)
    {
        await queues.TakeNextAsync(who.Actor, room);
        return await NowAsync(room, queues, who);
    }

    static async Task<IResult> FinishAsync(string room, int place, PlaceState wanted, Queues queues, CurrentActor who)
    {
        var back = wanted.State switch
        {
            "done" => false,
            "waiting" => true,
            _ => throw new RefusedException(Refusal.BadChoice),
        };
        await queues.FinishAsync(who.Actor, room, place, back);
        return await NowAsync(room, queues, who);
    }

    static async Task<IResult> RemoveAsync(string room, int place, Queues queues, CurrentActor who)
    {
        await queues.RemoveAsync(who.Actor, room, place);
        return Results.NoContent();
    }

    static async Task<IResult> EnquiriesAsync(
        string room, [Description(ApiDescription.Limit)] int? limit, [Description(ApiDescription.Cursor)] string? cursor,
        Enquiries enquiries, CurrentActor who, HttpContext http, CancellationToken cancel)
    {
        var page = await enquiries.AfterAsync(who.Actor, room, ApiPage.Read(cursor, "e")?.Number ?? 0, ApiPage.Length(limit), cancel);
        var next = page.HasMore ? ApiPage.Cursor('e', page.Rows[^1].Seq) : null;
        ApiPage.LinkNext(http, next);
        return Results.Ok(new EnquiryList(page.All, [.. page.Rows.Select(one => new EnquiryAnswer(one.Seq, one.Topic, one.TopicSlug, new(one.Handle, one.Name), one.AskedAt))], next));
    }

    static async Task<IResult> AskAsync(string room, EnquiryToAsk enquiry, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, Enquiries enquiries, CurrentActor who)
    {
        var key = enquiry.ClientKey ?? ApiPage.KeyOf(idempotencyKey) ?? Guid.NewGuid().ToString("N");
        return MessagesApi.Stored(room, await enquiries.AskAsync(who.Actor, room, key, enquiry.Line, enquiry.Text, enquiry.Lapsed));
    }

    static async Task<IResult> AnsweredAsync(string room, long seq, Enquiries enquiries, CurrentActor who)
    {
        await enquiries.AnsweredAsync(who.Actor, room, seq);
        return Results.NoContent();
    }
}
