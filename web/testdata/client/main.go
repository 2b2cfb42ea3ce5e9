// Command client asks a running site through a client that was generated from
// its OpenAPI document. The gate runs it; here it is only data, since package
// wire is made there.
package main

import (
	"context"
	"fmt"
	"os"

	"client/wire"
)

func main() {
	if err := run(context.Background(), os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, site string) error {
	c, err := wire.NewClientWithResponses(site)
	if err != nil {
		return err
	}
	articles, err := walk(ctx, c)
	if err != nil {
		return err
	}
	stats, err := c.GetStatsWithResponse(ctx)
	if err != nil || stats.JSON200 == nil || stats.JSON200.Articles != len(articles) {
		return fmt.Errorf("walked %d articles; the archive says %s, %v", len(articles), stats.Body, err)
	}
	one, err := c.GetArticleWithResponse(ctx, articles[0].Id)
	if err != nil || one.JSON200 == nil || one.JSON200.Title != articles[0].Title || one.JSON200.Verdict.Reason == "" {
		return fmt.Errorf("one article: %s, %v", one.Body, err)
	}
	if err := figures(ctx, c); err != nil {
		return err
	}
	stories, err := c.ListStoriesWithResponse(ctx, &wire.ListStoriesParams{})
	if err != nil || stories.JSON200 == nil || len(stories.JSON200.Items) == 0 {
		return fmt.Errorf("stories: %s, %v", stories.Body, err)
	}
	story, err := c.GetStoryWithResponse(ctx, stories.JSON200.Items[0].Id)
	if err != nil || story.JSON200 == nil || len(story.JSON200.Timeline) == 0 {
		return fmt.Errorf("one story: %s, %v", story.Body, err)
	}
	bad := "yesterday"
	refused, err := c.SearchWithResponse(ctx, &wire.SearchParams{Since: &bad})
	if err != nil || refused.ApplicationproblemJSON400 == nil || refused.ApplicationproblemJSON400.Code != "bad_parameter" {
		return fmt.Errorf("a bad date: %s, %v", refused.Body, err)
	}
	fmt.Printf("a generated client read %d articles\n", len(articles))
	return nil
}

// walk reads every article by cursor.
func walk(ctx context.Context, c *wire.ClientWithResponses) ([]wire.Article, error) {
	var out []wire.Article
	limit := 50
	params := &wire.ListArticlesParams{Limit: &limit}
	for {
		page, err := c.ListArticlesWithResponse(ctx, params)
		if err != nil || page.JSON200 == nil {
			return nil, fmt.Errorf("articles: %v", err)
		}
		out = append(out, page.JSON200.Items...)
		if params.Cursor = page.JSON200.Next; params.Cursor == nil {
			return out, nil
		}
	}
}

// figures asks for a company, a cluster and its claims.
func figures(ctx context.Context, c *wire.ClientWithResponses) error {
	company, err := c.GetCompanyWithResponse(ctx, "xai")
	if err != nil || company.JSON200 == nil || company.JSON200.Articles == 0 {
		return fmt.Errorf("a company: %s, %v", company.Body, err)
	}
	cluster, err := c.GetClusterWithResponse(ctx, "colossus")
	if err != nil || cluster.JSON200 == nil || len(cluster.JSON200.Facts) == 0 || cluster.JSON200.Facts[0].Best.Source.Name == "" {
		return fmt.Errorf("a cluster: %.300s, %v", cluster.Body, err)
	}
	slug := "colossus"
	claims, err := c.ListClaimsWithResponse(ctx, &wire.ListClaimsParams{Cluster: &slug})
	if err != nil || claims.JSON200 == nil || len(claims.JSON200.Items) == 0 {
		return fmt.Errorf("claims: %.300s, %v", claims.Body, err)
	}
	return nil
}
