using Microsoft.AspNetCore.Antiforgery;
using Microsoft.Extensions.Localization;
using VetCommunity.App.Conversations;
using VetCommunity.App.Members;
using VetCommunity.App.Texts;
using VetCommunity.Core;

namespace VetCommunity.App.Api;

/// <summary>Stands before each call about rooms: it counts as one of the hub's, comes from a program or from a page of ours, and is about a room.</summary>
sealed class ApiGate(HubGate calls, IAntiforgery antiforgery, IStringLocalizer<WebhookTexts> text) : IEndpointFilter
{
    const string FormToken = "RequestVerificationToken";

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (!await IsMeantAsync(http, antiforgery))
            return ApiProblems.Problem(nameof(Refusal.FormExpired), StatusCodes.Status400BadRequest, text["Call_FormExpired"]);
        calls.Count(CurrentActor.Of(http.User));
        // A conversation's number leads to conversations of two as well; here it leads nowhere.
        if (http.GetRouteValue("room") is string room && room.All(char.IsAsciiDigit))
            throw new NotFoundException("room");
        return await next(context);
    }

    /// <summary>
    /// A browser sends the cookie also for a page of somebody else's; a script's token, and a form's, that page does not have. The form's counts in the header alone:
    /// looking for it in the form would take a whole file into memory first.
    /// </summary>
    public static async Task<bool> IsMeantAsync(HttpContext http, IAntiforgery antiforgery) => HttpMethods.IsGet(http.Request.Method) || TokenHandler.Speaks(http.Request)
        || (http.Request.Headers.ContainsKey(FormToken) && await antiforgery.IsRequestValidAsync(http));
}
