using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace VetCommunity.App.Api;

/// <summary>What <c>/openapi/v1.json</c> says beyond the types.</summary>
static class ApiDescription
{
    public const string Limit = "Entries of a page: 50 where nothing is said, at most 100";
    public const string Cursor = "The next of the page before";

    /// <summary>The member may read it, but not do this.</summary>
    public const int Refuses = StatusCodes.Status403Forbidden;

    /// <summary>The room does not allow it at this moment.</summary>
    public const int NotNow = StatusCodes.Status409Conflict;

    const string Token = "token";

    // Whatever is called can meet these.
    static readonly int[] Always = [400, 401, 404, 429, 503];

    public static RouteHandlerBuilder Described<T>(this RouteHandlerBuilder endpoint, string name, string tag, string summary, params int[] problems) =>
        endpoint.Produces<T>().Named(name, tag, summary, problems);

    /// <summary>Of a call that answers with nothing.</summary>
    public static RouteHandlerBuilder Described(this RouteHandlerBuilder endpoint, string name, string tag, string summary, params int[] problems) =>
        endpoint.Produces(StatusCodes.Status204NoContent).Named(name, tag, summary, problems);

    /// <summary>Body of a call that reads it by itself.</summary>
    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder endpoint, string type) => endpoint.AddOpenApiOperationTransformer(async (operation, context, cancel) =>
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal) { [type] = new() { Schema = await context.GetOrCreateSchemaAsync(typeof(T), cancellationToken: cancel) } },
        });

    public static void Describe(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new()
            {
                Title = "VetCommunity",
                Version = "v1",
                Description = "Calls act with their member's rights. What the member may not see answers 404; errors are application/problem+json with a sentence in \"detail\".",
            };
            document.Servers = null;
            document.AddComponent(Token, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "A personal access token: vct_ and 43 letters.",
            });
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            var known = context.Description.ActionDescriptor.EndpointMetadata;
            OpenApiSecurityRequirement token = new() { [new OpenApiSecuritySchemeReference(Token, context.Document)] = [] };
            // A visitor's call carries none; a member's says in which language to answer, and may see more.
            if (known.OfType<IAllowAnonymous>().Any())
                operation.Security = [new(), token];
            else if (known.OfType<IAuthorizeData>().Any())
                operation.Security = [token];
            return Task.CompletedTask;
        });
    }

    /// <summary>Its name, and the errors that it can answer with besides those of every call.</summary>
    public static RouteHandlerBuilder Named(this RouteHandlerBuilder endpoint, string name, string tag, string summary, params int[] problems)
    {
        endpoint.WithName(name).WithTags(tag).WithSummary(summary);
        foreach (var status in Always.Union(problems))
            endpoint.ProducesProblem(status);
        return endpoint;
    }
}
