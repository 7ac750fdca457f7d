using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using VetCommunity.App.Limiting;
using VetCommunity.App.Texts;
using VetCommunity.Core;
using VetCommunity.Core.Texts;

namespace VetCommunity.App.Api;

/// <summary>Turns what Core refuses into <c>application/problem+json</c>: the sentence in the member's language, and the rule's name for programs.</summary>
sealed class ApiRefusals(IStringLocalizer<RoomTexts> text, ILogger<ApiRefusals> log) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (RefusedException refused)
        {
            return Answer(context.HttpContext, refused);
        }
        catch (NotFoundException)
        {
            return Results.Problem(text["NotFound"], statusCode: StatusCodes.Status404NotFound);
        }
        catch (Exception error) when (error is DbException or DbUpdateException)
        {
            log.LogError(error, "The database did not answer {Path}", context.HttpContext.Request.Path);
            return Answer(context.HttpContext, new(Refusal.StorageUnavailable));
        }
    }

    /// <summary>What a refusal is to a program.</summary>
    public static IResult Answer(HttpContext http, RefusedException refused)
    {
        var status = StatusOf(refused.Refusal);
        TooMuch.Mark(http, refused);
        return ApiProblems.Problem(refused.Refusal.ToString(), status, Sentences.For(refused, CultureInfo.CurrentUICulture));
    }

    // What the member may read and not do; what a queue or a session does not allow at this moment; whatever is wrong with the call itself is 400, a text that is too long as well.
    static int StatusOf(Refusal refusal) => refusal switch
    {
        Refusal.NotYourMessage or Refusal.DecideInstead or Refusal.JoinFirst or Refusal.ConversationClosed or Refusal.Suspended
            or Refusal.Muted or Refusal.OnlySpeakers or Refusal.MessageHidden => StatusCodes.Status403Forbidden,
        Refusal.HoursClosed or Refusal.QueueFull or Refusal.NobodyWaits or Refusal.SessionNotBegun or Refusal.SessionOver or Refusal.NotInTheLead or Refusal.QuestionClosed or Refusal.QuestionStillOpen or Refusal.QuestionRevealed or Refusal.IdeaTaken or Refusal.TooManyHands or Refusal.TopicEnded or Refusal.TalkFits => StatusCodes.Status409Conflict,
        Refusal.FileTooLarge or Refusal.PictureTooLarge => StatusCodes.Status413PayloadTooLarge,
        Refusal.FileNotAccepted or Refusal.FileWithMacros or Refusal.FileDamaged => StatusCodes.Status415UnsupportedMediaType,
        Refusal.TooFast or Refusal.SlowMode or Refusal.TooManyConnections => StatusCodes.Status429TooManyRequests,
        Refusal.NoRoomForFiles => StatusCodes.Status507InsufficientStorage,
        Refusal.StorageUnavailable or Refusal.TooBusy => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status400BadRequest,
    };
}
