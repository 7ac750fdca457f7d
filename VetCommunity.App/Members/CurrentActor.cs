using System.Security.Claims;
using VetCommunity.Core;

namespace VetCommunity.App.Members;

/// <summary>Who asks, in this request.</summary>
sealed class CurrentActor(IHttpContextAccessor http)
{
    public Actor Actor => Of(http.HttpContext!.User);

    public static Actor Of(ClaimsPrincipal principal) => Actor.Visitor;
}
