using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
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
        catch (RefusedException refused) when (refused.Refusal is Refusal.TooFast)
        {
            context.HttpContext.Response.Headers.RetryAfter = Convert.ToString(refused.Arguments[0], CultureInfo.InvariantCulture);
            return Problem(refused, StatusCodes.Status429TooManyRequests);
        }
        catch (RefusedException refused)
        {
            return Problem(refused, StatusOf(refused.Refusal));
        }
        catch (NotFoundException)
        {
            return Results.Problem(text["NotFound"], statusCode: StatusCodes.Status404NotFound);
        }
        catch (Exception error) when (error is DbException or DbUpdateException)
        {
            log.LogError(error, "The database did not answer {Path}", context.HttpContext.Request.Path);
            return Problem(new(Refusal.StorageUnavailable), StatusCodes.Status503ServiceUnavailable);
        }
    }

    // What the member may read and not do; whatever is wrong with the call itself is 400, a text that is too long as well.
    static int StatusOf(Refusal refusal) => refusal switch
    {
        Refusal.NotYourMessage or Refusal.JoinFirst or Refusal.ConversationClosed or Refusal.Suspended => StatusCodes.Status403Forbidden,
        Refusal.StorageUnavailable => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status400BadRequest,
    };

    static IResult Problem(RefusedException refused, int status) => Results.Problem(
        Sentences.For(refused, CultureInfo.CurrentUICulture), statusCode: status,
        extensions: new Dictionary<string, object?>(StringComparer.Ordinal) { ["refusal"] = refused.Refusal.ToString() });
}
