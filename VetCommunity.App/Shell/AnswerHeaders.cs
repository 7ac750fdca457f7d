using VetCommunity.App.SecondOrigin;

namespace VetCommunity.App.Shell;

/// <summary>What every answer says to browsers, whoever made it: pages, files, scripts, errors.</summary>
static class AnswerHeaders
{
    const int TwoYears = 2 * 365 * 24 * 60 * 60;

    public static void UseAnswerHeaders(this WebApplication app)
    {
        app.UseSecurityHeaders(Strict(app.Services.GetRequiredService<ContentOrigin>()));
        app.Use((http, next) =>
        {
            http.Response.OnStarting(() =>
            {
                var headers = http.Response.Headers;
                if (headers.Location.ToString() is { Length: > 0 } there)
                    headers.Location = WithoutHost(there, http.Request);
                // What a member gets is nobody else's, and of a page nothing stays behind in a browser that others use.
                if (headers.CacheControl.Count == 0 && http.User.Identity?.IsAuthenticated == true)
                    headers.CacheControl = http.Response.ContentType?.StartsWith("text/html", StringComparison.Ordinal) == true ? "no-store" : "private, no-cache";
                return Task.CompletedTask;
            });
            return next(http);
        });
    }

    // The host's name in a request is the caller's word: what leads on within the site names none.
    static string WithoutHost(string there, HttpRequest request)
    {
        var own = $"{request.Scheme}://{request.Host}";
        return there.StartsWith(own + "/", StringComparison.OrdinalIgnoreCase) && Addresses.IsLocal(there[own.Length..]) ? there[own.Length..] : there;
    }

    /// <summary>The headers of the two pages that may ask for camera, microphone and screen, for themselves alone; whether somebody allows it the browser asks them.</summary>
    public const string MediaPolicy = "media";

    /// <summary>Makes those headers known.</summary>
    public static void AddMediaHeaders(this WebApplicationBuilder builder) =>
        builder.Services.AddSecurityHeaderPolicies((policies, services) => policies.AddPolicy(MediaPolicy, Strict(services.GetRequiredService<ContentOrigin>(), media: true)));

    static HeaderPolicyCollection Strict(ContentOrigin content, bool media = false) => new HeaderPolicyCollection()
        .AddContentTypeOptionsNoSniff()
        .AddReferrerPolicySameOrigin()
        .AddStrictTransportSecurityMaxAgeIncludeSubDomains(TwoYears)
        .AddCrossOriginOpenerPolicy(policy => policy.SameOrigin())
        .AddCrossOriginResourcePolicy(policy => policy.SameOrigin())
        .AddPermissionsPolicy(policy =>
        {
            if (media)
            {
                policy.AddCamera().Self();
                policy.AddMicrophone().Self();
                policy.AddDisplayCapture().Self();
            }
            else
            {
                policy.AddCamera().None();
                policy.AddMicrophone().None();
                policy.AddDisplayCapture().None();
            }
            policy.AddGeolocation().None();
            policy.AddPayment().None();
            policy.AddUsb().None();
        })
        .AddContentSecurityPolicy(policy =>
        {
            policy.AddDefaultSrc().Self();
            policy.AddScriptSrc().Self();
            policy.AddStyleSrc().Self();
            policy.AddStyleSrcAttr().UnsafeInline();
            policy.AddImgSrc().Self().Data();
            policy.AddConnectSrc().Self();
            policy.AddBaseUri().Self();
            policy.AddObjectSrc().None();
            policy.AddFrameSrc().From(content.Address);
            policy.AddFrameAncestors().None();
            policy.AddFormAction().Self();
        });
}
